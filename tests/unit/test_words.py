"""Plain English: the phrases that docs/development.md asks to leave out stand nowhere."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "functions", "infra", "office_tools", "operations", "tests")
KINDS = frozenset({".md", ".py", ".yaml"})
INSTEAD = {
    "an" + "ew": "again",
    "at the " + "most": "at most",
    "to be " + "had": "available",
    "so " + "many": "this many, or the number",
}
"""What is not written, put together here so that this file does not hold it; and what is."""


def sources() -> Iterator[Path]:
    yield ROOT / "README.md"
    yield ROOT / "CHANGELOG.md"
    for folder in FOLDERS:
        yield from (file for file in (ROOT / folder).rglob("*") if file.suffix in KINDS)


def test_no_phrase_that_has_a_plainer_one() -> None:
    phrases = re.compile(rf"\b({'|'.join(INSTEAD)})\b", re.IGNORECASE)
    found = [
        f"{file.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}, "
        f"write: {INSTEAD[match[0].lower()]}"
        for file in sources()
        for text in [file.read_text()]
        for match in phrases.finditer(text)
    ]
    assert found == []
