"""Builds what is deployed: two zips and a template that points at them, under build/.

`functions.zip` holds every function but the roster publisher's, `rosters.zip` holds that one's,
with the libraries that write PDF and XLSX. Why not `sam build`: docs/adr/0005-build-step.md.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from infra.build.slim import compile_tree, files_of, pack, prune
from infra.cloudformation import CODE_URI, read

ROOT = Path(__file__).parents[2]
BUILD = ROOT / "build"
SOURCES = ROOT / "functions"
TEMPLATE = ROOT / "template.yaml"

PLATFORM = "aarch64-manylinux_2_34"
"""Graviton on Amazon Linux 2023, which the runtime of Python 3.13 is built on (glibc 2.34)."""

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Bundle:
    """A zip that functions are deployed from.

    `requirements` is the lock file's part of it, `limit` the largest size in bytes.
    """

    name: str
    requirements: Path
    groups: tuple[str, ...]
    limit: int

    @property
    def archive(self) -> str:
        """The zip's file name."""
        return f"{self.name}.zip"


FUNCTIONS = Bundle("functions", SOURCES / "requirements-functions.txt", (), 8 * MEGABYTE)
ROSTERS = Bundle("rosters", SOURCES / "requirements.txt", ("rosters",), 20 * MEGABYTE)
BUNDLES = (FUNCTIONS, ROSTERS)


def bundle_of(handler: str) -> Bundle:
    """Return the bundle of the function with this handler."""
    return ROSTERS if handler == "antrean.handlers.publish_rosters.handler" else FUNCTIONS


def main() -> int:
    """Build everything and print the sizes; 1 when a zip is larger than it may be."""
    uv = find_uv()
    shutil.rmtree(BUILD, ignore_errors=True)
    too_large = False
    for bundle in BUNDLES:
        export(uv, bundle)
        tree = BUILD / bundle.name
        install(uv, bundle, tree)
        finish(tree)
        size = pack(tree, BUILD / bundle.archive)
        too_large |= size > bundle.limit
        print(row(bundle, size, sum(file.stat().st_size for file in files_of(tree))))
    packaged = json.dumps(packaged_template(read(TEMPLATE)), indent=1)
    (BUILD / "template.json").write_text(packaged + "\n")
    print("build/template.json points at them; `sam deploy` takes it from samconfig.toml")
    return 1 if too_large else 0


def row(bundle: Bundle, size: int, unpacked: int) -> str:
    """Return the line of the report about one zip; sizes in bytes."""
    verdict = "TOO LARGE" if size > bundle.limit else "ok"
    return (
        f"build/{bundle.archive:<14} {size / MEGABYTE:5.1f} MB of {bundle.limit / MEGABYTE:.0f}"
        f" ({unpacked / MEGABYTE:.1f} unpacked) {verdict}"
    )


def find_uv() -> str:
    """Return the uv to use: the one that runs this, else PATH's, else the project's own."""
    own = ROOT / ".local" / "uv" / "bin" / "uv"
    found = os.environ.get("UV") or shutil.which("uv") or (str(own) if own.exists() else None)
    if found is None:
        sys.exit("uv was not found: run `make build`, which fetches it, or put uv on PATH.")
    return found


def export(uv: str, bundle: Bundle) -> None:
    """Write the bundle's part of uv.lock as a requirements file with hashes."""
    command = [uv, "export", "--frozen", "--quiet", "--no-dev", "--no-emit-project", "--no-header"]
    command += [f"--group={group}" for group in bundle.groups]
    command += ["--output-file", str(bundle.requirements.relative_to(ROOT))]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


def install(uv: str, bundle: Bundle, tree: Path) -> None:
    """Install the bundle's locked wheels for Lambda's platform into `tree`."""
    command = [uv, "pip", "install", "--quiet", "--target", str(tree), "--no-deps"]
    command += ["--python", sys.executable, "--python-version", "3.13"]
    command += ["--python-platform", PLATFORM, "--only-binary", ":all:", "--link-mode", "copy"]
    command += ["--require-hashes", "--requirement", str(bundle.requirements)]
    subprocess.run(command, check=True, cwd=ROOT)


def copy_installed(bundle: Bundle, tree: Path) -> None:
    """Copy the bundle's packages from the running environment into `tree`.

    For tests, which import them on the machine's own platform: no download, the same versions.
    Raises LookupError for a package that is missing or has another version than the locked one.
    """
    for name, version in requirements(bundle.requirements).items():
        try:
            installed = distribution(name)
        except PackageNotFoundError:
            raise LookupError(f"{name} is not installed") from None
        if installed.version != version:
            raise LookupError(f"{name} is {installed.version} here and {version} in the lock file")
        for file in installed.files or ():
            source = Path(str(file.locate()))
            if ".." not in file.parts and source.is_file():
                target = tree / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)


def finish(tree: Path) -> None:
    """Add the project's own code to the installed packages, slim the tree and compile it."""
    shutil.copytree(
        SOURCES / "antrean", tree / "antrean", ignore=shutil.ignore_patterns("__pycache__")
    )
    prune(tree)
    compile_tree(tree)


def requirements(file: Path) -> dict[str, str]:
    """Return the names and versions that a requirements file pins."""
    pins = [line.split()[0] for line in file.read_text().splitlines() if "==" in line]
    return dict(pin.split("==", 1) for pin in pins if not pin.startswith("#"))


def packaged_template(template: dict[str, Any]) -> dict[str, Any]:
    """Return the template with the zips in place of the sources.

    Raises ValueError when the template does not name the sources where it should.
    """
    shared = template["Globals"]["Function"]
    if shared.get("CodeUri") != CODE_URI:
        raise ValueError(f"Globals has no CodeUri: {CODE_URI}")
    del shared["CodeUri"]
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            properties = resource["Properties"]
            properties["CodeUri"] = bundle_of(properties["Handler"]).archive
    return template


if __name__ == "__main__":
    sys.exit(main())
