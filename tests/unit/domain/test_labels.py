"""Labels of queue numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.labels import label, parse_label
from antrean.domain.slots import Lane

starts = st.builds(lambda h, m: f"{h:02d}{m:02d}", st.integers(0, 23), st.integers(0, 59))
numbers = st.integers(1, 9999)


@given(st.sampled_from(Lane), starts, numbers)
def test_a_label_reads_back(lane: Lane, start: str, number: int) -> None:
    text = label(lane, start, number)
    assert parse_label(text) == (lane, start, number)
    assert parse_label(text.lower().replace("-", " ")) == (lane, start, number)


@pytest.mark.parametrize(
    ("lane", "start", "number", "text"),
    [
        (Lane.REGULAR, "0800", 12, "R0800-012"),
        (Lane.PRIORITY, "1330", 1, "P1330-001"),
        (Lane.EXPRESS, "0730", 1000, "E0730-1000"),
    ],
)
def test_a_label_is_lane_letter_window_and_number(
    lane: Lane, start: str, number: int, text: str
) -> None:
    assert label(lane, start, number) == text


@pytest.mark.parametrize(
    ("start", "number"),
    [
        ("08:00", 1),
        ("800", 1),
        ("2400", 1),
        ("0860", 1),
        ("\u0660\u0668\u0660\u0660", 1),
        ("0800", 0),
        ("0800", 10000),
    ],
)
def test_a_slot_that_cannot_be_has_no_label(start: str, number: int) -> None:
    with pytest.raises(ValueError, match=r"start|number"):
        label(Lane.REGULAR, start, number)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "as in R0800-012"),
        ("0800-012", "as in R0800-012"),
        ("R0800-12", "as in R0800-012"),
        ("R0800-00012", "as in R0800-012"),
        ("R08:00-012", "as in R0800-012"),
        ("R\u0660\u0668\u0660\u0660-012", "as in R0800-012"),
        ("R0800-012 R0800-013", "as in R0800-012"),
        ("X0800-012", "begins with R"),
        ("R2500-012", "window's start"),
        ("R0800-000", "from 1 to"),
    ],
)
def test_a_text_that_is_no_label_is_refused_with_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_label(text)
