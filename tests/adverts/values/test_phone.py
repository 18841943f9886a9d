"""What is a phone number, what is none, and what kind of number it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adverts.values import caption_phone, parse_phone


@pytest.mark.parametrize(
    "text",
    ["07700 900123", "+44 (0)7700 900123", "0044 7700900123", "447700900123", "7700900123", "+44 07700.900.123"],
)
def test_every_way_of_writing_a_uk_mobile_is_one_value(text: str) -> None:
    assert parse_phone(text) == ("+447700900123", "GB", "reserved")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("020 7946 0123", "reserved"), ("0161 496 0123", "reserved"), ("01632 960123", "reserved"),
        ("0808 157 0123", "reserved"), ("03069 990123", "reserved"), ("0909 879 0123", "reserved"),
        ("0191 498 0123", "reserved"), ("028 9649 6123", "reserved"), ("07700 912345", "reserved"),
        ("07624 000000", "mobile"), ("07000 000000", "personal"), ("07600 000000", "pager"),
        ("0300 000 0000", "non_geographic"), ("0845 000 0000", "non_geographic"), ("0900 000 0000", "premium"),
    ],
)  # fmt: skip
def test_uk_classes(text: str, kind: str) -> None:
    phone = parse_phone(text)
    assert phone is not None
    assert phone.kind == kind


@pytest.mark.parametrize("text", ["", "0", "0712345678", "12345678901", "07700 9001234", "999", "+", "+999 1234567"])
def test_what_is_no_phone(text: str) -> None:
    assert parse_phone(text) is None


def test_a_foreign_number_needs_its_prefix() -> None:
    assert parse_phone("+1 202 555 0123") == ("+12025550123", "US", "reserved")
    assert parse_phone("202 555 0123") is None


def test_another_region_reads_national_numbers_its_own_way() -> None:
    assert parse_phone("(202) 555-0123", "US") == ("+12025550123", "US", "reserved")
    assert parse_phone("07700 900123", "US") is None


@given(st.integers(0, 99_999))
def test_a_number_survives_its_caption(suffix: int) -> None:
    e164 = f"+4477009{suffix:05}"
    phone = parse_phone(caption_phone(e164))
    assert phone is not None
    assert phone.e164 == e164


def test_captions_are_what_people_write() -> None:
    assert caption_phone("+447700900123") == "07700 900 123"
    assert caption_phone("+442079460123") == "020 7946 0123"
    assert caption_phone("+12025550123") == "+1 202-555-0123"
    assert caption_phone("nonsense") == "nonsense"
