"""The template as it goes to the emulator: unchanged but for where the code is."""

import io
import zipfile
from pathlib import Path

import pytest

from infra.local import template
from infra.local.paths import ROOT

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
    assert template.read(file) == {
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
    before = template.read(ROOT / "template.yaml")
    after = template.with_code(template.read(ROOT / "template.yaml"), URI)
    assert after["Globals"]["Function"].pop("CodeUri") == URI
    assert before["Globals"]["Function"].pop("CodeUri") == "functions/"
    assert after == before


def test_a_template_without_our_code_is_refused() -> None:
    with pytest.raises(ValueError, match="CodeUri"):
        template.with_code({"Resources": {"Table": {"Type": "AWS::DynamoDB::Table"}}}, URI)


def test_an_archive_is_the_same_for_the_same_sources_and_another_for_others(
    tmp_path: Path,
) -> None:
    package = tmp_path / "functions" / "antrean"
    package.mkdir(parents=True)
    (package / "handler.py").write_text("def handler(event, context): return event\n")
    first = template.archive(package.parent)
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "handler.cpython-313.pyc").write_bytes(b"stale")
    assert template.archive(package.parent) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert "antrean/handler.py" in archive.namelist()
    (package / "handler.py").write_text("def handler(event, context): return None\n")
    assert template.fingerprint(template.archive(package.parent)) != template.fingerprint(first)
