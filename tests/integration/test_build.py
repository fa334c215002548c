"""The deployed trees, made for this machine's platform: each imported by a Python that has
nothing else."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.build.slim import SERVICES
from infra.build.zips import BUNDLES, FUNCTIONS, ROOT, ROSTERS, bundle_of, copy_installed, finish
from infra.cloudformation import read

HANDLERS = sorted(
    resource["Properties"]["Handler"]
    for resource in read(ROOT / "template.yaml")["Resources"].values()
    if resource["Type"] == "AWS::Serverless::Function"
)

UNCHECKED_HASH = 0b01
"""The flags of bytecode that Python uses without a look at the source (PEP 552)."""

type Trees = dict[str, Path]


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    """Each bundle's tree by its name, slimmed and compiled as for Lambda."""
    root = tmp_path_factory.mktemp("build")
    for bundle in BUNDLES:
        copy_installed(bundle, root / bundle.name)
        finish(root / bundle.name)
    return {bundle.name: root / bundle.name for bundle in BUNDLES}


def run(tree: Path, program: str) -> str:
    """Return what `program` prints under a Python that finds `tree` and the standard library."""
    setup = f"import sys; sys.path.insert(0, {str(tree)!r}); sys.dont_write_bytecode = True\n"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", setup + program],
        env={"AWS_DEFAULT_REGION": "ap-southeast-3", "POWERTOOLS_SERVICE_NAME": "test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("handler", HANDLERS)
def test_every_handler_imports_from_the_tree_it_is_deployed_from(
    handler: str, trees: Trees
) -> None:
    module, _, name = handler.rpartition(".")

    printed = run(
        trees[bundle_of(handler).name],
        f"import importlib; print(callable(importlib.import_module({module!r}).{name}))",
    )

    assert printed.strip() == "True"


def test_botocore_makes_clients_of_the_services_that_stayed_and_of_no_other(trees: Trees) -> None:
    printed = run(
        trees[FUNCTIONS.name],
        "import boto3, json\n"
        f"made = [boto3.client(name).meta.service_model.service_name for name in {SERVICES!r}]\n"
        "print(json.dumps([made, boto3.Session().get_available_services()]))",
    )

    made, available = json.loads(printed)
    assert set(made) == set(available) == SERVICES


def test_the_publishers_tree_writes_pdf_and_xlsx(trees: Trees) -> None:
    printed = run(
        trees[ROSTERS.name],
        "import io, fpdf, xlsxwriter\n"
        "pdf = fpdf.FPDF(); pdf.add_page(); pdf.set_font('helvetica'); pdf.cell(text='Antrean')\n"
        "out = io.BytesIO(); book = xlsxwriter.Workbook(out)\n"
        "book.add_worksheet().write(0, 0, 'Antrean'); book.close()\n"
        "print(bytes(pdf.output())[:5], out.getvalue()[:2])",
    )

    assert printed.strip() == "b'%PDF-' b'PK'"


def test_every_zone_of_the_offices_is_there(trees: Trees) -> None:
    printed = run(
        trees[FUNCTIONS.name],
        "import zoneinfo; zoneinfo.reset_tzpath(to=[])\n"
        "for zone in ('Asia/Jakarta', 'Asia/Makassar', 'Asia/Jayapura', 'UTC'):\n"
        "    print(zoneinfo.ZoneInfo(zone))",
    )

    assert printed.split() == ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "UTC"]


def test_applicants_functions_do_not_carry_the_roster_libraries(trees: Trees) -> None:
    carried = {path.name for path in trees[FUNCTIONS.name].iterdir()}

    assert not {"fpdf", "xlsxwriter", "PIL", "fontTools"} & carried
    assert {"fpdf", "xlsxwriter"} <= {path.name for path in trees[ROSTERS.name].iterdir()}


def test_no_module_is_compiled_at_a_cold_start(trees: Trees) -> None:
    for tree in trees.values():
        for source in tree.rglob("*.py"):
            assert source.is_relative_to(tree / "antrean")
            tag = sys.implementation.cache_tag
            assert (source.parent / "__pycache__" / f"{source.stem}.{tag}.pyc").exists(), source
        bytecode = list(tree.rglob("*.pyc"))
        assert len(bytecode) > 500
        for file in bytecode:
            with file.open("rb") as opened:
                assert opened.read(8)[4] == UNCHECKED_HASH, file


def test_bytecode_does_not_depend_on_where_it_was_made(trees: Trees) -> None:
    for tree in trees.values():
        for file in tree.rglob("*.pyc"):
            assert str(tree).encode() not in file.read_bytes(), file
