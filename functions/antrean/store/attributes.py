"""Attribute kinds of our own."""

import json
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.constants import STRING


class JsonAttribute(Attribute[Any]):
    """A small structure that is only ever read and written whole, as compact JSON text."""

    attr_type = STRING

    def serialize(self, value: Any) -> str:
        """Return `value` as JSON."""
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)

    def deserialize(self, value: str) -> Any:
        """Return what the JSON text holds."""
        return json.loads(value)
