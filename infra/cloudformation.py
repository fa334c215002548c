"""Reads CloudFormation's YAML, and points its functions at their code as `sam package` does."""

from pathlib import Path
from typing import Any

import yaml

CODE_URI = "functions/"


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short tags: `!Ref x`, `!GetAtt a.b`, `!Sub ...`."""


def _intrinsic(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def read(path: Path) -> dict[str, Any]:
    """Return a template in CloudFormation's JSON form."""
    template: dict[str, Any] = yaml.load(path.read_text(), _Loader)  # noqa: S506 - a safe loader
    return template


def with_code(template: dict[str, Any], uri: str) -> dict[str, Any]:
    """Return the template with `uri` (s3://bucket/key) in place of every `CodeUri: functions/`.

    Raises ValueError when the template names no code.
    """
    functions = [template.get("Globals", {}).get("Function", {})] + [
        resource.get("Properties", {})
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Serverless::Function"
    ]
    named = [properties for properties in functions if properties.get("CodeUri") == CODE_URI]
    if not named:
        raise ValueError(f"no function has CodeUri: {CODE_URI}")
    for properties in named:
        properties["CodeUri"] = uri
    return template
