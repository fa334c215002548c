"""`make openapi`: write the OpenAPI description of each API from the running code's own routes."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "openapi"
APPS = {
    "public": "Antrean: offices, availability, bookings",
    "staff": "Antrean for offices: rosters and the day",
    "admin": "Antrean for admins: offices, quotas, records",
}

PROTECTED = ("staff", "admin")
SIGNED_IN = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}

PROBLEM = {
    "description": "A refusal (RFC 9457). `type` names a section of docs/errors.md.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
                "required": ["pointer", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": True,
}
POWERTOOLS_OWN = ("HTTPValidationError", "ResponseValidationError", "ValidationError")
"""How Powertools would tell a wrong request; `antrean.api.problems` tells it instead."""


def _tell_problems(document: dict[str, Any]) -> None:
    """Say of every operation that it refuses with a problem."""
    schemas = document["components"]["schemas"]
    for name in POWERTOOLS_OWN:
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {"description": "Refused", "content": content}


def description(name: str) -> str:
    """Return the OpenAPI document (JSON text) of one API."""
    os.environ.setdefault("TABLE_NAME", "-")
    module = import_module(f"antrean.handlers.{name}_api")
    app = module.whole_app() if hasattr(module, "whole_app") else module.app
    document = json.loads(
        app.get_openapi_json_schema(title=APPS[name], version="1.0.0", servers=[])
    )
    document.pop("servers", None)
    _tell_problems(document)
    if name in PROTECTED:
        document["components"]["securitySchemes"] = {"signedIn": SIGNED_IN}
        document["security"] = [{"signedIn": []}]
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    """Write every description; with `--check` only say which are out of date."""
    FOLDER.mkdir(exist_ok=True)
    stale = []
    for name in APPS:
        path = FOLDER / f"{name}.json"
        now = description(name)
        if path.exists() and path.read_text() == now:
            continue
        stale.append(path.name)
        if "--check" not in sys.argv[1:]:
            path.write_text(now)
    if stale and "--check" in sys.argv[1:]:
        print(f"openapi: out of date: {', '.join(stale)}; run `make openapi` and commit")
        return 1
    print(f"openapi: {', '.join(stale) or 'nothing'} changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
