"""The one origin of the local stack: the pages at `/`, the API at `/v1`, as CloudFront serves it.

No cache stands between, as CloudFront's would: what a developer changes is seen at once.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

METHODS: Final = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
API_SECONDS: Final = 35.0
"""API Gateway gives up after 29."""

_OF_ONE_CONNECTION: Final = {
    "connection",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
"""Headers that are about one connection, not the request or answer (RFC 9110, section 7.6.1)."""


class Pages(StaticFiles):
    """The files of web/, never kept by the browser without asking."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, or web/404.html."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def application(api: str, pages: Path) -> Starlette:
    """Return the origin: `pages` at `/`, and `/v1` passed on to `api`."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=40)
        async with httpx.AsyncClient(timeout=API_SECONDS, limits=limits) as client:
            app.state.client = client
            yield

    async def pass_on(request: Request) -> Response:
        client: httpx.AsyncClient = request.app.state.client
        path = request.scope["raw_path"].decode("ascii")
        if query := request.scope["query_string"].decode("ascii"):
            path += f"?{query}"
        outgoing = client.build_request(
            request.method,
            f"{api}{path}",
            headers=_to_pass_on(request.headers.raw),
            content=await request.body(),
        )
        try:
            answer = await client.send(outgoing, stream=True)
        except httpx.TransportError:
            return _no_answer()
        response = StreamingResponse(
            answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose)
        )
        response.raw_headers = _to_pass_on(answer.headers.raw)
        return response

    return Starlette(
        routes=[
            Route("/v1/{path:path}", pass_on, methods=METHODS),
            Mount("/", Pages(directory=pages, html=True)),
        ],
        lifespan=lifespan,
    )


def _to_pass_on(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [
        (name.lower(), value)
        for name, value in headers
        if name.lower().decode("latin-1") not in _OF_ONE_CONNECTION
    ]


def _no_answer() -> JSONResponse:
    return JSONResponse(
        {
            "type": "https://antrean.example.go.id/problems/try-again",
            "title": "Try again",
            "status": 503,
            "detail": "The local stack does not answer. Stop it with `make stop`, then `make run`.",
        },
        status_code=503,
        headers={"Retry-After": "5"},
        media_type="application/problem+json",
    )
