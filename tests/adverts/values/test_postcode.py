"""What is a postcode or outcode and what is none."""

import pytest

from adverts.values import outcode_of, parse_postcode


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cf10 1ep", "CF10 1EP"), ("CF101EP", "CF10 1EP"), ("cf10", "CF10"), ("sw1a  1aa", "SW1A 1AA"),
        ("M1", "M1"), ("bt7 1nn", "BT7 1NN"),
    ],
)  # fmt: skip
def test_accepted(text: str, value: str) -> None:
    assert parse_postcode(text) == value


@pytest.mark.parametrize("text", ["", "ZZ1 1AA", "CF10 1CV", "B", "12", "CF10 1E", "A1", "size 10"])
def test_rejected(text: str) -> None:
    assert parse_postcode(text) is None


def test_the_outcode_of_a_postcode() -> None:
    assert (outcode_of("CF10 1EP"), outcode_of("CF10")) == ("CF10", "CF10")
