"""The stack that runs, as other commands find it: .local/endpoints.json and its user pool."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from infra.local.deploy import Cloud
from infra.local.paths import CannotGoOn, Paths
from infra.local.users import Member, Pool


@dataclass(frozen=True, slots=True)
class Running:
    """A stack that answers."""

    endpoints: Mapping[str, str]

    @classmethod
    def of(cls, paths: Paths) -> "Running":
        """Return the stack that runs. Raises `CannotGoOn` when none does, or it is dead."""
        try:
            endpoints = json.loads(paths.endpoints.read_text())
        except FileNotFoundError:
            raise CannotGoOn("No local stack is running: start it with `make run`.") from None
        stack = cls(endpoints)
        stack.get("/v1/offices?province=Lampung")
        return stack

    def get(self, path: str) -> httpx.Response:
        """Return the origin's answer. Raises `CannotGoOn` when it gives none."""
        try:
            answer = httpx.get(f"{self.endpoints['origin']}{path}", timeout=30)
        except httpx.TransportError:
            answer = None
        if answer is None or answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise CannotGoOn("The local stack does not answer: `make stop`, then `make run`.")
        return answer

    def member(self, role: str, office_id: str | None) -> Member:
        """Return a user of that role, made when missing. Raises `CannotGoOn`."""
        member = Member(role, office_id)
        if office_id and self.get(f"/v1/offices/{office_id}").status_code != httpx.codes.OK:
            raise CannotGoOn(f"There is no office {office_id!r}: GET /v1/offices lists them.")
        self._pool.ensure(member)
        return member

    def token(self, role: str, office_id: str | None = None) -> str:
        """Return an ID token of a user of that role, made when missing. Raises `CannotGoOn`."""
        return self._pool.token(self.member(role, office_id))

    @property
    def _pool(self) -> Pool:
        return Pool(
            Cloud(self.endpoints["aws_endpoint"]),
            self.endpoints["user_pool_id"],
            self.endpoints["user_pool_client_id"],
        )
