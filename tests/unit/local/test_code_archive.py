"""The archive that the local stack runs: its name says whether anything changed."""

import io
import zipfile
from pathlib import Path

from infra.local.code_archive import archive, fingerprint


def test_an_archive_is_the_same_for_the_same_sources_and_another_for_others(
    tmp_path: Path,
) -> None:
    package = tmp_path / "functions" / "antrean"
    package.mkdir(parents=True)
    (package / "handler.py").write_text("def handler(event, context): return event\n")
    first = archive(package.parent)
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "handler.cpython-313.pyc").write_bytes(b"stale")
    assert archive(package.parent) == first
    with zipfile.ZipFile(io.BytesIO(first)) as bundle:
        assert "antrean/handler.py" in bundle.namelist()
    (package / "handler.py").write_text("def handler(event, context): return None\n")
    assert fingerprint(archive(package.parent)) != fingerprint(first)
