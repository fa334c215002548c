"""Labels of queue numbers."""

import pytest
from antrean.domain.labels import label, parse_label
from hypothesis import given
from hypothesis import strategies as st

lanes = st.sampled_from(["regular", "priority", "express"])
starts = st.builds(
    lambda h, m: f"{h:02d}{m:02d}", st.integers(0, 23), st.integers(0, 59)
)
numbers = st.integers(1, 9999)


@given(lanes, starts, numbers)
def test_a_label_reads_back(lane: str, start: str, number: int) -> None:
    text = label(lane, start, number)
    assert parse_label(text) == (lane, start, number)
    assert parse_label(text.lower().replace("-", " ")) == (lane, start, number)


@pytest.mark.parametrize(
    ("slot", "text"),
    [
        (("regular", "0800", 12), "R0800-012"),
        (("priority", "1330", 1), "P1330-001"),
        (("express", "0730", 1000), "E0730-1000"),
    ],
)
def test_a_label_is_lane_letter_window_and_number(
    slot: tuple[str, str, int], text: str
) -> None:
    assert label(*slot) == text


@pytest.mark.parametrize(
    "slot",
    [
        ("vip", "0800", 1),
        ("", "0800", 1),
        ("regular", "08:00", 1),
        ("regular", "800", 1),
        ("regular", "2400", 1),
        ("regular", "0860", 1),
        ("regular", "٠٨٠٠", 1),
        ("regular", "0800", 0),
        ("regular", "0800", 10000),
    ],
)
def test_a_slot_that_cannot_be_has_no_label(slot: tuple[str, str, int]) -> None:
    with pytest.raises(ValueError, match="lane|start|number"):
        label(*slot)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "as in R0800-012"),
        ("0800-012", "as in R0800-012"),
        ("R0800-12", "as in R0800-012"),
        ("R0800-00012", "as in R0800-012"),
        ("R08:00-012", "as in R0800-012"),
        ("R0800-012 R0800-013", "as in R0800-012"),
        ("X0800-012", "begins with R"),
        ("R2500-012", "window's start"),
        ("R0800-000", "from 1 to"),
    ],
)
def test_a_text_that_is_no_label_is_refused_with_what_is_wrong(
    text: str, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        parse_label(text)
