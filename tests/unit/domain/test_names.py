"""Names."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from antrean.domain.names import LONGEST_NAME, InvalidName, clean_name, mask_name


@pytest.mark.parametrize(
    "name",
    [
        "Suharto",
        "A",
        "Ng",
        "Siti Aminah",
        "Nur'aini",
        "Nur\u2019aini",
        "'Aisyah binti Abu Bakar",
        "Anak Agung Gde Ngurah Ari Dwipayana-Putra",
        "Prof. Dr. H. Abdul Rahman, S.H., M.Hum.",
        "R.A. Kartini",
        "Subramaniam A/L Muthu",
        "Muhammad (Alm)",
        "Teuku Muhammad III",
        "José Ramos",
        "Łukasz Müller",
        "Trần Văn Đức",
        "陈 美玲",
        "M. Agus 2",
        "x" * LONGEST_NAME,
    ],
)
def test_a_name_that_people_have_stays_as_it_is(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Siti   Aminah ", "Siti Aminah"),
        ("\tSiti Aminah\n", "Siti Aminah"),
        ("Siti\u00a0Aminah", "Siti Aminah"),
        ("Siti\u3000\u2003Aminah", "Siti Aminah"),
        ("Siti\u200b Aminah\ufeff", "Siti Aminah"),
        ("\u202eSiti Aminah", "Siti Aminah"),
        ("\u200b Siti Aminah", "Siti Aminah"),
        ("Jose\u0301 Ramos", "Jos\u00e9 Ramos"),
        ("x" * LONGEST_NAME + "   ", "x" * LONGEST_NAME),
        ("e\u0301" * LONGEST_NAME, "\u00e9" * LONGEST_NAME),
    ],
)
def test_a_name_is_tidied(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("\u200b", "empty"),
        ("12345", "no_letter"),
        ("3171011705900001", "no_letter"),
        ("--", "no_letter"),
        (". ,", "no_letter"),
        ("\u0661\u0662", "no_letter"),
        ("Siti\nAminah", "characters"),
        ("Siti\tAminah", "characters"),
        ("Siti\x00", "characters"),
        ("Siti\x9bAminah", "characters"),
        ("Siti\ud800", "characters"),
        ("<b>Siti</b>", "characters"),
        ("=HYPERLINK(Siti)", "characters"),
        ("@Siti", "characters"),
        ('Siti "Ami" Aminah', "characters"),
        ("Siti \U0001f642", "characters"),
        ("x" * (LONGEST_NAME + 1), "too_long"),
    ],
)
def test_what_is_no_name_is_refused_without_repeating_it(text: str, reason: str) -> None:
    with pytest.raises(InvalidName) as refused:
        clean_name(text)
    assert refused.value.reason == reason
    assert "Siti" not in str(refused.value)


@given(st.text())
def test_any_text_is_a_tidy_name_or_refused(text: str) -> None:
    try:
        name = clean_name(text)
    except InvalidName:
        return
    assert clean_name(name) == name
    assert 1 <= len(name) <= LONGEST_NAME
    assert unicodedata.is_normalized("NFC", name)
    assert name == " ".join(name.split())
    assert not any(unicodedata.category(c).startswith("C") for c in name)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("Siti Aminah", "S*** A*****"),
        ("Suharto", "S******"),
        ("Nur'aini", "N*******"),
        ("H. Abdul", "H* A****"),
        ("A", "A"),
    ],
)
def test_a_masked_name_keeps_the_first_of_each_word(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@given(st.text(min_size=1))
def test_a_mask_hides_all_but_one_character_of_a_word(text: str) -> None:
    try:
        name = clean_name(text)
    except InvalidName:
        return
    for word, masked in zip(name.split(), mask_name(name).split(), strict=True):
        assert masked == word[0] + "*" * (len(word) - 1)
