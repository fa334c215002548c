"""The documents name files, modules, tests, commands and sections that are there."""

import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md")))
]
MADE = {".git", ".venv", ".local", "node_modules", "build"}
"""Folders at the top that commands make; no cache is the repository's either."""

SOURCES = {".py", ".js", ".css", ".html", ".md", ".yaml", ".toml", ".csv"}
ELSEWHERE = {"roster.csv"}
"""Files that the documents name and the system makes."""

CODE = re.compile(r"`([^`]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"[\w.*/-]*\w[\w.*/-]*")
MODULE = re.compile(
    r"(?<![\w-])(?:antrean|infra|operations|office_tools|tests)(?:\.[A-Za-z_]\w*)+(?![\w.@/-])"
)
MAKE = re.compile(r"(?<![\w./-])make((?: +-s)?(?: [a-z][a-z0-9-]*(?![\w=.]))+)")
TARGET = re.compile(r"^([a-z][a-z0-9-]*):", re.MULTILINE)
TEST = re.compile(r"([\w/]+/test_\w+\.py)::(test_\w+)")


@cache
def files() -> frozenset[str]:
    found = set()
    for folder, folders, names in os.walk(ROOT):
        made = MADE if Path(folder) == ROOT else {"__pycache__"}
        folders[:] = [name for name in folders if name not in made and "_cache" not in name]
        found |= {Path(folder, name).relative_to(ROOT).as_posix() for name in names}
    return frozenset(found)


@cache
def endings() -> frozenset[str]:
    """Every path of a file or folder, from each of its folders on: `store/writes/claim.py` too."""
    paths = files() | {parent.as_posix() for f in files() for parent in PurePosixPath(f).parents}
    parts = (path.split("/") for path in paths)
    return frozenset("/".join(names[i:]) for names in parts for i in range(len(names)))


@cache
def folders() -> frozenset[str]:
    """The names with which a path of a folder begins: at the top, or within `antrean`."""
    packages = (ROOT / "functions/antrean").iterdir()
    return frozenset(
        {path.split("/")[0] for path in files() if "/" in path}
        | {path.name for path in packages if path.is_dir() and path.name[0] != "_"}
    )


@cache
def targets() -> frozenset[str]:
    makefile = (ROOT / "Makefile").read_text()
    suites = re.search(r"^SUITES := (.+)$", makefile, re.MULTILINE)
    assert suites
    return frozenset([*TARGET.findall(makefile), *suites[1].split()])


@cache
def sections(document: Path) -> frozenset[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return frozenset(heading.replace(" ", "-") for heading in plain)


def lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it is of a block of code."""
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        else:
            yield line, fenced or line.startswith("    ")


def spans(text: str) -> Iterator[str]:
    """Yield what stands in backticks, where both are on one line."""
    for line, is_code in lines(text):
        if not is_code:
            yield from CODE.findall(line)


def code_in(text: str) -> Iterator[str]:
    """Yield what stands in backticks, and the lines of the blocks."""
    yield from spans(text)
    for line, is_code in lines(text):
        if is_code:
            # In a list of commands two blanks part the command from what is said of it.
            yield re.split(r"  +|#", line.strip())[0]


def is_there(path: str) -> bool:
    if "*" in path:
        return any(ROOT.glob(path))
    return path.rstrip("/") in endings()


def missing_paths(text: str) -> Iterator[str]:
    for code in spans(text):
        path = code.split(": ")[0]
        if not PATH.fullmatch(path) or path in ELSEWHERE:
            continue
        name = PurePosixPath(path)
        a_source = name.suffix in SOURCES and name.stem != ""
        a_folder = "/" in path and name.parts[0] in folders() and name.suffix == ""
        if (a_source or a_folder) and name.parts[0] not in MADE and not is_there(path):
            yield path


def missing_modules(text: str) -> Iterator[str]:
    for code in code_in(text):
        for name in MODULE.findall(code):
            # The domain of a deployment, and a file that begins with the project's name, are none.
            if not (".example" in name or name in endings() or module_has(name)):
                yield name


def module_has(name: str) -> bool:
    """Return whether a dotted name is a package, a module, or what stands in one."""
    path = ROOT / "functions" if name.startswith("antrean.") else ROOT
    *package, last = name.split(".")
    inside = path.joinpath(*package)
    if (inside / last).is_dir() or (inside / f"{last}.py").is_file():
        return True
    module = inside.with_suffix(".py")
    return module.is_file() and re.search(rf"\b{last}\b", module.read_text()) is not None


def missing_targets(text: str) -> Iterator[str]:
    for code in code_in(text):
        for words in MAKE.findall(code):
            yield from (word for word in words.split() if word not in {"-s", *targets()})


def missing_links(document: Path, text: str) -> Iterator[str]:
    for link in LINK.findall(text):
        path, _, anchor = link.partition("#")
        target = (document.parent / path) if path else document
        if "://" in link:
            continue
        if not target.exists() or (anchor and anchor not in sections(target)):
            yield link


def missing_tests(text: str) -> Iterator[str]:
    for path, test in TEST.findall(text):
        file = ROOT / "tests" / path.removeprefix("tests/")
        if not file.exists() or f"def {test}(" not in file.read_text():
            yield f"{path}::{test}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_document_names_is_there(document: str) -> None:
    text = (ROOT / document).read_text()

    assert not [*missing_paths(text)], "files or folders"
    assert not [*missing_modules(text)], "modules"
    assert not [*missing_targets(text)], "targets of make"
    assert not [*missing_links(ROOT / document, text)], "links"
    assert not [*missing_tests(text)], "tests"


def architecture() -> str:
    return (ROOT / "docs/architecture.md").read_text()


def test_the_layers_are_those_that_import_linter_holds() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(c["layers"] for c in contracts["contracts"] if c["id"] == "layers")

    assert " > ".join(layers) in architecture()


def test_the_writes_that_touch_a_slot_are_listed() -> None:
    writes = (ROOT / "functions/antrean/store/writes").glob("*.py")
    touching = {f"store/writes/{file.name}" for file in writes if "SlotItem" in file.read_text()}
    section = architecture().partition("touch a slot?")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)) == touching


def test_what_is_missing_is_noticed() -> None:
    text = (
        "```text\na > b\n```\n"
        "`store/gone.py` `functions/antrean/jobs` `infra/build.py: x` `web/` `template.yaml`"
    )
    modules = "`antrean.gone` `python -m infra.person` `python -m infra.build.zips` `infra.seed`"
    commands = "`make run`, `make fly`\n\n```sh\nmake lint typ    what CI checks\n```"
    links = "[a](errors.md#gone) [b](gone.md) [c](errors.md#not-found) [d](https://x.org/y)"
    tests = "faults/test_every_fault.py::test_gone"

    assert [*missing_paths(text)] == ["store/gone.py", "functions/antrean/jobs", "infra/build.py"]
    assert [*missing_modules(modules)] == ["antrean.gone", "infra.person"]
    assert [*missing_targets(commands)] == ["fly", "typ"]
    assert [*missing_links(ROOT / "docs/here.md", links)] == ["errors.md#gone", "gone.md"]
    assert [*missing_tests(tests)] == [tests]
