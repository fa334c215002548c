"""Mobile numbers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.phone import InvalidPhone, to_e164

subscribers = st.from_regex(re.compile(r"8[0-9]{8,12}", re.ASCII), fullmatch=True)


@given(subscribers, st.sampled_from(["0", "62", "+62"]))
def test_all_three_notations_give_one_number(subscriber: str, prefix: str) -> None:
    assert to_e164(prefix + subscriber) == "+62" + subscriber


@given(subscribers)
def test_a_number_in_e164_stays(subscriber: str) -> None:
    assert to_e164(to_e164("0" + subscriber)) == "+62" + subscriber


@given(subscribers, st.data())
def test_what_stands_between_the_digits_does_not_matter(
    subscriber: str, data: st.DataObject
) -> None:
    fillers = st.sampled_from(["", "", " ", "-", ".", "\u00a0", "\u2011", " - "])
    written = "".join(data.draw(fillers) + digit for digit in "0" + subscriber)
    assert to_e164(written + data.draw(fillers)) == "+62" + subscriber


@pytest.mark.parametrize(
    "text",
    [
        "0812-3456-7890",
        "0812 3456 7890",
        "(0812) 3456.7890",
        "+62 812-3456-7890",
        "(+62) 812 3456 7890",
        "6281234567890",
        "\u202a+62 812-3456-7890\u202c",
        "\u200e081234567890",
        "081234567890\n",
    ],
)
def test_a_number_is_read_as_people_write_it(text: str) -> None:
    assert to_e164(text) == "+6281234567890"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+62",
        "08123456",
        "081234567",
        "081234567890123",
        "+62812345678901234",
        "0211234567",
        "+62 21 1234567",
        "81234567890",
        "+65 8123 4567",
        "0062812345678",
        "0812345678a",
        "0812/345678",
        "08\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668",
        "++6281234567890",
        "081234567890 / 081234567891",
    ],
)
def test_what_is_no_mobile_number_is_refused_without_repeating_it(text: str) -> None:
    digits = re.sub(r"\D", "", text, flags=re.ASCII)
    with pytest.raises(InvalidPhone) as refused:
        to_e164(text)
    assert len(digits) < 5 or digits[-5:] not in str(refused.value)


@given(st.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        number = to_e164(text)
    except InvalidPhone:
        return
    assert re.fullmatch(r"\+628[0-9]{8,12}", number)
