"""The table that the benchmarks print: each figure beside what it must meet and its reference."""

from collections.abc import Sequence
from dataclasses import dataclass

HEADINGS = ("what", "figure", "target", "reference of the same run", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `met` is None where DESIGN.md sets no target."""

    what: str
    figure: str
    target: str = ""
    reference: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = {True: "met", False: "NOT MET", None: ""}[self.met]
        return self.what, self.figure, self.target, self.reference, verdict


def lines(rows: Sequence[Row]) -> list[str]:
    """The rows as a Markdown table, so that a run can be pasted into docs/benchmarks.md."""
    cells = [HEADINGS, *(row.cells for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    written = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    written.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return written


def at_most(what: str, figure: float, most: float, unit: str = "", reference: str = "") -> Row:
    """A row whose figure must not be above its target."""
    return Row(what, told(figure, unit), f"<= {told(most, unit)}", reference, figure <= most)


def at_least(what: str, figure: float, least: float, unit: str = "", reference: str = "") -> Row:
    """A row whose figure must not be below its target."""
    return Row(what, told(figure, unit), f">= {told(least, unit)}", reference, figure >= least)


def told(figure: float, unit: str = "") -> str:
    """A figure as it is printed: three digits that mean something, and its unit."""
    digits = f"{figure:.0f}" if figure == int(figure) or abs(figure) >= 100 else f"{figure:.3g}"
    return f"{digits} {unit}".strip()
