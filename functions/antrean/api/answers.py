"""Answers with headers: for nobody else, to be kept for some seconds, with a version."""

from aws_lambda_powertools.event_handler import Response

from antrean.domain.offices import Office
from antrean.offices.office_change import office_version

JSON = "application/json"


def private[T](body: T, content_type: str = JSON, status: int = 200) -> Response[T]:
    """Return an answer that is one caller's, for no cache at all."""
    return _with("Cache-Control", "no-store", body, status, content_type)


def briefly_private[T](body: T, seconds: int) -> Response[T]:
    """Return an answer that the browser of the token's holder may keep for some seconds."""
    answer = _with("Cache-Control", f"private, max-age={seconds}", body)
    answer.headers["Vary"] = "Authorization"
    return answer


def cached[T](body: T, seconds: int) -> Response[T]:
    """Return an answer that CloudFront and browsers may keep for some seconds."""
    return _with("Cache-Control", f"public, max-age={seconds}, s-maxage={seconds}", body)


def tagged[T](office: Office, body: T, status: int = 200) -> Response[T]:
    """Return an answer with the office's version, to be sent as If-Match with a change."""
    return _with("ETag", f'"{office_version(office)}"', body, status)


def _with[T](
    name: str, value: str, body: T, status: int = 200, content_type: str = JSON
) -> Response[T]:
    return Response(status, content_type=content_type, body=body, headers={name: value})
