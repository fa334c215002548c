"""A template is read as CloudFormation means it, and changed in where its code is alone."""

from pathlib import Path

import pytest

from infra import cloudformation
from infra.build.zips import ROOT

URI = "s3://antrean-code/1.zip"


def test_short_tags_become_functions(tmp_path: Path) -> None:
    file = tmp_path / "template.yaml"
    file.write_text(
        "a: !Ref X\n"
        "b: !GetAtt X.Arn\n"
        "c: !Sub ['${x}', {x: !Ref Y}]\n"
        "d: !If [Local, {k: !Equals [!Ref Z, '']}, !Ref AWS::NoValue]\n"
        "e: !Condition C\n"
    )
    assert cloudformation.read(file) == {
        "a": {"Ref": "X"},
        "b": {"Fn::GetAtt": ["X", "Arn"]},
        "c": {"Fn::Sub": ["${x}", {"x": {"Ref": "Y"}}]},
        "d": {
            "Fn::If": [
                "Local",
                {"k": {"Fn::Equals": [{"Ref": "Z"}, ""]}},
                {"Ref": "AWS::NoValue"},
            ]
        },
        "e": {"Condition": "C"},
    }


def test_only_the_code_of_the_functions_changes() -> None:
    before = cloudformation.read(ROOT / "template.yaml")
    after = cloudformation.with_code(cloudformation.read(ROOT / "template.yaml"), URI)
    assert after["Globals"]["Function"].pop("CodeUri") == URI
    assert before["Globals"]["Function"].pop("CodeUri") == "functions/"
    assert after == before


def test_a_template_without_our_code_is_refused() -> None:
    with pytest.raises(ValueError, match="CodeUri"):
        cloudformation.with_code({"Resources": {"Table": {"Type": "AWS::DynamoDB::Table"}}}, URI)
