"""The build step: what it takes away, and that the same sources make the same zip."""

import ast
import tomllib
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from infra.build.slim import DATED, SERVICES, pack, prune
from infra.build.zips import (
    BUNDLES,
    FUNCTIONS,
    ROOT,
    ROSTERS,
    SOURCES,
    Bundle,
    bundle_of,
    packaged_template,
    requirements,
)
from infra.cloudformation import read

MOST_GLIBC = (2, 34)
"""Amazon Linux 2023's."""


def tree_of(root: Path, *files: str) -> Path:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(file)
    return root


def files_in(tree: Path) -> set[str]:
    return {path.relative_to(tree).as_posix() for path in tree.rglob("*")}


def test_only_the_services_in_use_stay_in_botocore(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        "botocore/data/endpoints.json",
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
        "botocore/data/dynamodb/2012-08-10/service-2.json.gz",
        "botocore/data/dynamodb/2012-08-10/examples-1.json",
    )

    prune(tree)

    assert {path.name for path in tree.rglob("*") if path.is_file()} == {
        "endpoints.json",
        "service-2.json.gz",
    }
    assert not (tree / "botocore/data/ec2").exists()


def test_of_a_packages_metadata_what_names_its_version_stays(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        "segno-1.6.6.dist-info/METADATA",
        "segno-1.6.6.dist-info/RECORD",
        "segno-1.6.6.dist-info/licenses/LICENSE",
    )

    prune(tree)

    assert files_in(tree) == {"segno-1.6.6.dist-info", "segno-1.6.6.dist-info/METADATA"}


def test_modules_and_data_of_the_packages_stay(tmp_path: Path) -> None:
    kept = {"segno/encoder.py", "tzdata/zoneinfo/Asia/Jayapura", "botocore/cacert.pem", "six.py"}
    dead = ("bin/jp.py", "icalendar/tests/test_event.py", "a/b/c.pyi", "tzdata/zoneinfo/Zulu")
    tree = tree_of(tmp_path, *kept, *dead)

    prune(tree)

    assert {path for path in files_in(tree) if (tree / path).is_file()} == kept
    assert not (tree / "a").exists(), "a directory left empty goes too"


def test_a_zip_has_the_same_bytes_whenever_and_wherever_it_is_made(tmp_path: Path) -> None:
    for name in ("one", "two"):
        files = ["b.py", "a/c.py"] if name == "one" else ["a/c.py", "b.py"]
        tree_of(tmp_path / name, *files)
        pack(tmp_path / name, tmp_path / f"{name}.zip")
    (tmp_path / "one" / "b.py").touch()
    (tmp_path / "one" / "b.py").chmod(0o600)

    again = pack(tmp_path / "one", tmp_path / "again.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "again.zip").read_bytes()
    assert again == (tmp_path / "again.zip").stat().st_size


def test_lambda_may_read_every_file_of_a_zip_and_finds_them_in_order(tmp_path: Path) -> None:
    names = [f"{letter}/{number}.py" for letter in "qad" for number in range(20)]
    pack(tree_of(tmp_path / "tree", *names), tmp_path / "a.zip")

    with zipfile.ZipFile(tmp_path / "a.zip") as bundle:
        entries = bundle.infolist()

    assert [entry.filename for entry in entries] == sorted(names, key=PurePosixPath)
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert {entry.date_time for entry in entries} == {DATED}


def test_every_function_is_deployed_from_a_zip() -> None:
    template = packaged_template(read(ROOT / "template.yaml"))

    uris = {
        name: resource["Properties"]["CodeUri"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }

    assert uris.pop("PublishRostersFunction") == "rosters.zip"
    assert set(uris.values()) == {"functions.zip"}
    assert "CodeUri" not in template["Globals"]["Function"]


def test_a_template_without_the_sources_is_refused() -> None:
    with pytest.raises(ValueError, match="CodeUri"):
        packaged_template({"Globals": {"Function": {}}, "Resources": {}})


def test_the_roster_libraries_are_in_the_publishers_zip_alone() -> None:
    with_rosters, without = requirements(ROSTERS.requirements), requirements(FUNCTIONS.requirements)

    assert {"fpdf2", "xlsxwriter"} <= with_rosters.keys()
    assert not {"fpdf2", "xlsxwriter", "pillow", "fonttools"} & without.keys()
    assert with_rosters.items() >= without.items()
    assert bundle_of("antrean.handlers.publish_rosters.handler") is ROSTERS
    assert bundle_of("antrean.handlers.staff_api.handler") is FUNCTIONS


def test_the_limits_are_those_of_the_design() -> None:
    assert (FUNCTIONS.limit, ROSTERS.limit) == (8_000_000, 20_000_000)


@pytest.fixture(scope="module")
def lock() -> dict[str, dict[str, Any]]:
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    return {package["name"]: package for package in packages}


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: bundle.name)
def test_the_requirements_are_those_of_the_lock_file(
    bundle: Bundle, lock: dict[str, dict[str, Any]]
) -> None:
    project = lock["antrean"]
    wanted = list(project["dependencies"])
    for group in bundle.groups:
        wanted += project["dev-dependencies"][group]
    needed: dict[str, str] = {}
    while wanted:
        package = lock[wanted.pop()["name"]]
        if package["name"] not in needed:
            needed[package["name"]] = package["version"]
            wanted += package.get("dependencies", [])

    assert requirements(bundle.requirements) == needed, "run `make build`, which writes them"


def test_every_locked_package_has_a_wheel_for_lambda(lock: dict[str, dict[str, Any]]) -> None:
    missing = [
        name
        for name in requirements(ROSTERS.requirements)
        if not any(runs_on_lambda(wheel["url"]) for wheel in lock[name].get("wheels", ()))
    ]

    assert missing == []


def runs_on_lambda(url: str) -> bool:
    python, abi, platforms = url.rsplit("/", 1)[1].removesuffix(".whl").split("-")[-3:]
    if not {"py3", "cp313"} & set(python.split(".")) and abi != "abi3":
        return False
    return any(platform_runs(platform) for platform in platforms.split("."))


def platform_runs(platform: str) -> bool:
    if platform == "any":
        return True
    family, _, rest = platform.partition("_")
    if not platform.endswith("_aarch64") or not family.startswith("manylinux"):
        return False
    if family != "manylinux":  # manylinux1, 2010, 2014: older than any glibc in question
        return True
    major, minor, _ = rest.split("_", 2)
    return (int(major), int(minor)) <= MOST_GLIBC


def test_the_code_asks_only_for_services_that_botocore_still_has() -> None:
    asked = set()
    for file in (SOURCES / "antrean").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in {"client", "create_client", "resource"}
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                asked.add(node.args[0].value)

    assert asked <= SERVICES
