"""Takes from an installed tree what a function never uses, and compiles and packs the rest."""

import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

PYTHON = (3, 13)
"""The runtime's Python. Bytecode of another minor version is ignored there."""

SERVICES = frozenset(
    {
        "cognito-idp",
        "dynamodb",
        "kms",
        "lambda",
        "s3",
        "secretsmanager",
        "sesv2",
        "sns",
        "sqs",
        "sts",
    }
)
"""The AWS services whose descriptions stay in botocore; a client of any other fails."""

DEAD = (
    "**/__pycache__",
    "**/tests",
    "**/*.c",
    "**/*.h",
    "**/*.pyi",
    "**/*.pyx",
    "**/*.rst",
    "bin",
    "share",
    "*.dist-info/licenses",
    # Swagger's page; the features of Powertools that pyproject.toml bans, and their kin.
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.css",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.js",
    "aws_lambda_powertools/utilities/auth_alpha",
    "aws_lambda_powertools/utilities/circuit_breaker",
    "aws_lambda_powertools/utilities/data_masking",
    "aws_lambda_powertools/utilities/feature_flags",
    "aws_lambda_powertools/utilities/idempotency",
    "aws_lambda_powertools/utilities/kafka",
    "aws_lambda_powertools/utilities/parser",
    "aws_lambda_powertools/utilities/streaming",
    # `boto3.resource`, and the examples in the services' documentation.
    "boto3/data",
    "boto3/examples",
    "botocore/data/*/*/examples-1.json",
    # A second copy of the time zones; tzdata is the one in use.
    "dateutil/zoneinfo/dateutil-zoneinfo.tar.gz",
    "pydantic/v1",
    # Compiled twins of modules that are there in Python too. A roster needs one font cut to its
    # letters: a few milliseconds either way.
    "fontTools/**/*.so",
    # Formats and text rendering of Pillow that a roster has no use for.
    "PIL/_avif.*.so",
    "PIL/_imagingcms.*.so",
    "PIL/_imagingft.*.so",
    "PIL/_imagingtk.*.so",
    "pillow.libs/libavif-*",
    "pillow.libs/libbrotli*",
    "pillow.libs/libfreetype-*",
    "pillow.libs/libharfbuzz-*",
    "pillow.libs/liblcms2-*",
    "pillow.libs/libpng16-*",
)
"""What no function uses, as patterns below the tree."""

ZONES = frozenset({"Asia", "Etc", "UTC", "__init__.py"})
"""What stays of tzdata's time zones: those of the offices, which are all in Asia, and UTC."""

KEPT_METADATA = frozenset({"METADATA"})
"""What stays of a *.dist-info: enough for a scanner to name the package and its version."""

OURS = "antrean"
WHERE_IT_RUNS = "/var/task"
DATED = (1980, 1, 1, 0, 0, 0)
"""The earliest date a zip entry can have: the same bytes whenever it is made."""


def prune(tree: Path) -> None:
    """Delete from an installed tree what no function uses."""
    for path in [found for pattern in DEAD for found in tree.glob(pattern)]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)  # one pattern may lie below another
        else:
            path.unlink(missing_ok=True)
    for service in (tree / "botocore" / "data").glob("*/"):
        if service.name not in SERVICES:
            shutil.rmtree(service)
    for zone in list(tree.glob("tzdata/zoneinfo/*")):
        if zone.name not in ZONES:
            shutil.rmtree(zone) if zone.is_dir() else zone.unlink()
    for file in list(tree.glob("*.dist-info/*")):
        if file.is_file() and file.name not in KEPT_METADATA:
            file.unlink()
    _drop_empty_directories(tree)


def _drop_empty_directories(tree: Path) -> None:
    # The deepest first, so that a directory of empty ones goes too.
    for directory in sorted((path for path in tree.rglob("*") if path.is_dir()), reverse=True):
        if not any(directory.iterdir()):
            directory.rmdir()


def compile_tree(tree: Path) -> None:
    """Compile `tree` to bytecode that Python uses without a look at the sources.

    Lambda's file system is read-only, so what is not compiled here is compiled again at every
    cold start, and bytecode checked by its source's date would never hold there. Our own sources
    stay beside theirs, for tracebacks; of the packages the bytecode alone is kept, a third of
    the zip's size. Raises RuntimeError under another Python than the runtime's,
    CalledProcessError for a module that does not compile.
    """
    if sys.version_info[:2] != PYTHON:
        raise RuntimeError(f"compile with Python {PYTHON[0]}.{PYTHON[1]}, the runtime's")
    ours = tree / OURS
    _compile(tree, ours)
    packages = [path for path in tree.iterdir() if path.is_dir() and path != ours]
    _compile(tree, *packages, *tree.glob("*.py"), options=["-b"])
    for source in tree.rglob("*.py"):
        if not source.is_relative_to(ours):
            source.unlink()


def _compile(tree: Path, *paths: Path, options: Sequence[str] = ()) -> None:
    command = [sys.executable, "-s", "-P", "-m", "compileall", "-q", *options]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(tree), "-p", WHERE_IT_RUNS]
    # A fixed hash seed: it decides in which order a constant set is written.
    subprocess.run([*command, *map(str, paths)], check=True, env={"PYTHONHASHSEED": "0"})


def pack(tree: Path, target: Path) -> int:
    """Write `tree` as a zip, the same bytes for the same files, and return its size in bytes."""
    target.unlink(missing_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bundle:
        for file in files_of(tree):
            entry = zipfile.ZipInfo(file.relative_to(tree).as_posix(), DATED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, so that the permissions below count
            entry.external_attr = 0o100644 << 16  # Lambda reads it as another user
            bundle.writestr(entry, file.read_bytes())
    return target.stat().st_size


def files_of(tree: Path) -> list[Path]:
    """Return the files below `tree` in a fixed order."""
    return sorted(path for path in tree.rglob("*") if path.is_file())
