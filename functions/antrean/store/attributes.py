"""Attribute kinds of our own, and the condition that a version is the one that was read."""

import json
from typing import Any

from pynamodb.attributes import Attribute, NumberAttribute
from pynamodb.constants import STRING
from pynamodb.expressions.condition import Condition


class JsonAttribute(Attribute[Any]):
    """A small structure that is only ever read and written whole, as compact JSON text."""

    attr_type = STRING

    def serialize(self, value: Any) -> str:
        """Return `value` as JSON."""
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)

    def deserialize(self, value: str) -> Any:
        """Return what the JSON text holds."""
        return json.loads(value)


def version_is(attribute: NumberAttribute, version: int) -> Condition:
    """Return the condition that a version is still that which was read; 0 stands for no item."""
    same: Condition = attribute == version if version else attribute.does_not_exist()
    return same
