"""The functions' sources as one archive, for the local stack."""

import compileall
import hashlib
import io
import shutil
import tempfile
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode

_DATED = (1980, 1, 1, 0, 0, 0)


def archive(sources: Path) -> bytes:
    """Return a zip of the Python sources below a directory, the same bytes for the same sources.

    Compiled: ministack unpacks it again for each worker process, which would compile it again.
    """
    with tempfile.TemporaryDirectory() as staging:
        copy = Path(staging) / "code"
        shutil.copytree(sources, copy, ignore=shutil.ignore_patterns("__pycache__", ".*", "*.pyc"))
        compileall.compile_dir(
            copy, quiet=2, stripdir=str(copy), invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
            for file in sorted(path for path in copy.rglob("*") if path.is_file()):
                name = zipfile.ZipInfo(str(file.relative_to(copy)), _DATED)
                name.compress_type = zipfile.ZIP_DEFLATED
                bundle.writestr(name, file.read_bytes())
    return out.getvalue()


def fingerprint(code: bytes) -> str:
    """Return a name for these bytes."""
    return hashlib.sha256(code).hexdigest()[:24]
