"""The QR proof on paper: a bad print of it can still be scanned."""

import random
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
import zxingcpp

from antrean.booking.proof import proof_svg
from antrean.domain.codes import ALPHABET, normalise_code
from tests.unit.booking.test_proof import PROOF, SVG


class Print:
    """The QR of a proof as ink on paper: dark or light by millimetre."""

    def __init__(self, svg: str) -> None:
        root = ET.fromstring(svg)  # noqa: S314 - our own document
        path = next(element for element in root.iter(f"{SVG}path") if element.get("id") == "qr")
        place = re.fullmatch(
            r"translate\(([\d.]+) ([\d.]+)\) scale\(([\d.]+)\)", path.attrib["transform"]
        )
        assert place is not None
        self.left, self.top, self.module = (float(number) for number in place.groups())
        self.dark = {
            (int(x) + i, int(y))
            for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path.attrib["d"])
            for i in range(int(width))
        }
        assert re.fullmatch(r"(M\d+ \d+h(\d+)v1h-\2z)+", path.attrib["d"])
        self.size = max(x for x, _ in self.dark) + 1

    def is_dark(self, x: float, y: float) -> bool:
        """Whether there is ink `x` mm from the left and `y` mm from the top of the paper."""
        return (int((x - self.left) // self.module), int((y - self.top) // self.module)) in (
            self.dark
        )

    def scan(self, dots_per_mm: float, noise: random.Random | None = None) -> str | None:
        """What a scanner reads from a grey image of the card's upper half."""
        width, height = int(105 * dots_per_mm), int(79 * dots_per_mm)
        grey = bytearray()
        for row in range(height):
            for column in range(width):
                dark = self.is_dark((column + 0.5) / dots_per_mm, (row + 0.5) / dots_per_mm)
                level = 70 if dark else 190
                grey.append(level if noise is None else _clamp(noise.gauss(level, 12)))
        image = memoryview(bytes(grey)).cast("B", (height, width))
        found = zxingcpp.read_barcodes(image)
        return found[0].text if found else None


def _clamp(level: float) -> int:
    return min(255, max(0, round(level)))


def test_the_qr_reads_back_as_the_code() -> None:
    assert Print(proof_svg(PROOF)).scan(dots_per_mm=4) == "ANTREAN:K7QF2M9PXT"


@pytest.mark.parametrize("seed", range(8))
def test_a_faint_grainy_print_at_76_dots_an_inch_can_be_scanned(seed: int) -> None:
    dice = random.Random(seed)
    code = "".join(dice.choices(ALPHABET, k=10))
    scanned = Print(proof_svg(replace(PROOF, code=code))).scan(dots_per_mm=3, noise=dice)
    assert scanned is not None, f"seed {seed}"
    assert normalise_code(scanned) == code


@pytest.mark.parametrize("code", ["K7QF2M9PXT", "0000000000", "ZZZZZZZZZZ", "3V8CDEJ0WA"])
def test_a_tear_of_a_seventh_of_the_qr_does_not_matter(code: str) -> None:
    """Only the highest error correction survives it: with the second highest none is read."""
    paper = Print(proof_svg(replace(PROOF, code=code)))
    torn_off = {(x, y) for x in range(9, 25) for y in range(19, 25)}
    assert len(torn_off) > paper.size**2 / 7
    paper.dark -= torn_off
    assert paper.scan(dots_per_mm=4) == "ANTREAN:" + code


def test_the_qr_is_large_dark_and_has_white_around_it() -> None:
    svg = proof_svg(PROOF)
    paper = Print(svg)
    assert paper.module >= 1
    quiet = 4 * paper.module
    assert paper.left - quiet >= 0
    below = paper.top + paper.size * paper.module + quiet
    for y in re.findall(r'<path d="M\S+ ([\d.]+)H', svg):
        assert float(y) < paper.top - quiet or float(y) > below
    assert set(re.findall(r"#[0-9a-f]{3,6}", svg)) == {"#fff", "#000"}
