"""Expired and forged tokens on every protected route: API Gateway's Cognito authoriser checks them.

The emulator checks signature, issuer and time as AWS does. A token that has expired is signed here
with the pool's own key, which the emulator keeps in its state: nothing but its time is wrong.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from antrean.api.roles import ROLES
from tests.e2e.stack import LocalStack

HOUR = 3600
PARAMETERS = {"office_id": "kotabumi", "date": "2026-11-24", "import_id": "none", "label": "R1"}


@pytest.fixture
def valid(stack: LocalStack) -> str:
    """An admin's token."""
    return stack.running.token("admin")


@pytest.fixture
def pools_key(stack: LocalStack) -> rsa.RSAPrivateKey:
    """The key by which the pool signs ID tokens."""
    pem = stack.paths.state / "cognito-pool-keys" / f"{stack.endpoints['user_pool_id']}-id.pem"
    key = load_pem_private_key(pem.read_bytes(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def test_no_protected_route_takes_an_expired_or_forged_token(
    http: httpx.Client, valid: str, pools_key: rsa.RSAPrivateKey
) -> None:
    issued = claims_of(valid)["iat"]
    expired = {"iat": issued - 2 * HOUR, "auth_time": issued - 2 * HOUR, "exp": issued - HOUR}
    another_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    refused = {
        "expired": signed(valid, pools_key, expired),
        "signed by somebody else": signed(valid, another_key, {}),
        "changed": with_claims(valid, {"cognito:groups": ["admin", "office:kotabumi"]}),
        "of another pool": signed(valid, pools_key, {"iss": "https://example.org/pool"}),
        "unsigned": unsigned(valid),
    }
    for method, route in sorted(ROLES):
        for what, token in refused.items():
            answer = ask(http, method, route, token)
            assert answer.status_code == 401, (method, route, what, answer.text)


def test_a_token_that_is_made_like_these_and_is_right_is_let_in(
    http: httpx.Client, valid: str, pools_key: rsa.RSAPrivateKey
) -> None:
    """Else the test above would refuse for a reason of its own."""
    made = signed(valid, pools_key, {})
    for token in (valid, made):
        assert ask(http, "GET", "/v1/admin/calendar", token).status_code == 200


def ask(http: httpx.Client, method: str, route: str, token: str) -> httpx.Response:
    body: dict[str, Any] | None = {} if method in ("POST", "PUT", "PATCH") else None
    headers = {"Authorization": f"Bearer {token}"}
    return http.request(method, route.format(**PARAMETERS), headers=headers, json=body)


def claims_of(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=="))
    return claims


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def with_claims(token: str, changes: Mapping[str, Any]) -> str:
    """The token with other claims and the signature that it had."""
    header, _, signature = token.split(".")
    return f"{header}.{encoded(json.dumps({**claims_of(token), **changes}).encode())}.{signature}"


def signed(token: str, key: rsa.RSAPrivateKey, changes: Mapping[str, Any]) -> str:
    """The token with other claims, signed again, under the name of the same key."""
    content = with_claims(token, changes).rpartition(".")[0]
    signature = key.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{content}.{encoded(signature)}"


def unsigned(token: str) -> str:
    header = encoded(json.dumps({"alg": "none", "typ": "JWT"}).encode())
    return f"{header}.{token.split('.')[1]}."
