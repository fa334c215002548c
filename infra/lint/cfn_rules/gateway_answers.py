"""E9018: what the gateway answers by itself is a problem document, as the functions' are."""

import json
from collections.abc import Iterator

from infra.lint import rule
from infra.lint.rule import Fault, Properties, Stack

HEADER = "gatewayresponse.header."
TYPE = "application/json"
"""The key that the gateway takes whatever the caller accepts."""

MEMBERS = ("type", "title", "detail", "instance")
INSTANCE = "urn:antrean:request:$context.requestId"
STATUSES = {
    "ACCESS_DENIED": "403",
    "BAD_REQUEST_BODY": "400",
    "BAD_REQUEST_PARAMETERS": "400",
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
    "EXPIRED_TOKEN": "401",
    "INTEGRATION_TIMEOUT": "504",
    "MISSING_AUTHENTICATION_TOKEN": "404",
    "QUOTA_EXCEEDED": "429",
    "REQUEST_TOO_LARGE": "413",
    "RESOURCE_NOT_FOUND": "404",
    "THROTTLED": "429",
    "UNAUTHORIZED": "401",
    "UNSUPPORTED_MEDIA_TYPE": "415",
    "WAF_FILTERED": "403",
}
"""What the gateway may answer by itself. A default stands for many statuses and says none, so that
each answer that a page acts on needs its own. MISSING_AUTHENTICATION_TOKEN is the gateway's name
for a path that it does not have."""

COME_AGAIN = ("429", "504")


class GatewayAnswers(rule.Rule):
    """A page that reads problems would show its users nothing."""

    id = "E9018"
    shortdesc = "The gateway's own answers are problem documents that nobody stores"

    def faults(self, stack: Stack) -> Iterator[Fault]:
        """Yield what breaks the rule."""
        for name, api in stack.of("AWS::ApiGateway::RestApi"):
            answers = api.get("Body", {}).get("x-amazon-apigateway-gateway-responses", {})
            for kind in sorted(STATUSES.keys() - answers.keys()):
                yield name, f"{kind} is missing"
            for kind, answer in answers.items():
                for problem in (*_headers(kind, answer), *_body(answer)):
                    yield name, f"{kind}: {problem}"


def _headers(kind: str, answer: Properties) -> Iterator[str]:
    parameters = answer.get("responseParameters", {})
    status = str(answer.get("statusCode"))
    if parameters.get(HEADER + "Content-Type") != "'application/problem+json'":
        yield "Content-Type is not application/problem+json"
    if parameters.get(HEADER + "Cache-Control") != "'no-store'":
        yield "Cache-Control is not no-store"
    again = status in COME_AGAIN or kind == "DEFAULT_5XX"
    if (HEADER + "Retry-After" in parameters) != again:
        yield "Retry-After belongs to 429, 504 and other faults"
    if status != str(STATUSES.get(kind, status)):
        yield f"its status is not {STATUSES[kind]}"
    if (HEADER + "WWW-Authenticate" in parameters) != (status == "401"):
        yield "WWW-Authenticate belongs to 401"


def _body(answer: Properties) -> Iterator[str]:
    try:
        body = json.loads(answer.get("responseTemplates", {}).get(TYPE, ""))
    except ValueError:
        yield "its template is not JSON"
        return
    for member in MEMBERS:
        if member not in body:
            yield f"{member} is missing"
    if body.get("instance", INSTANCE) != INSTANCE:
        yield "its instance is not the request's id"
    if str(body.get("status")) != str(answer.get("statusCode")):
        yield "the body's status is another"
