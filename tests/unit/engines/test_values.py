import pytest

from tests.engines.errors import Impossible, Invalid
from tests.engines.memory.values import item_size, normal_number, ordered, total


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("7", "7"),
        ("007", "7"),
        ("-0", "0"),
        ("1.500", "1.5"),
        ("1e3", "1000"),
        ("1E-5", "0.00001"),
        ("9" * 38, "9" * 38),
        ("1" + "0" * 50, "1" + "0" * 50),
    ],
)
def test_a_number_has_one_notation(text: str, normal: str) -> None:
    assert normal_number(text) == normal


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "9" * 39])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        normal_number(text)


def test_sums_are_exact_or_refused() -> None:
    assert total("0.1", "0.2", 1) == "0.3"
    assert total("1", "3", -1) == "-2"
    assert total("9" * 38, "1", 1) == "1" + "0" * 38
    with pytest.raises(Impossible):
        total("9" * 38, "2", 1)
    with pytest.raises(Impossible):
        total("9" * 38, "0.1", 1)


def test_numbers_are_ordered_by_value_and_types_never() -> None:
    assert ordered({"N": "10"}, {"N": "9"}) == 1
    assert ordered({"S": "10"}, {"S": "9"}) == -1
    assert ordered({"N": "10"}, {"S": "9"}) is None
    assert ordered({"BOOL": True}, {"BOOL": False}) is None


def test_an_item_is_measured_as_aws_measures_it() -> None:
    """AWS, "DynamoDB item sizes and formats"."""
    assert item_size({"name": {"S": "é"}}) == 4 + 2
    assert item_size({"n": {"N": "12345"}}) == 1 + 4
    assert item_size({"n": {"N": "-100"}}) == 1 + 3
    assert item_size({"b": {"BOOL": True}, "z": {"NULL": True}}) == 4
    assert item_size({"l": {"L": [{"S": "ab"}]}}) == 1 + 3 + 1 + 2
    assert item_size({"m": {"M": {"k": {"S": "ab"}}}}) == 1 + 3 + 1 + 1 + 2
    assert item_size({"s": {"SS": ["ab", "c"]}}) == 1 + 3
