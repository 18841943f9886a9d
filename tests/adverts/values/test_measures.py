"""Heights, weights and sizes, and the range in which each is one."""

import pytest

from adverts.values import (
    parse_bust,
    parse_centimetres,
    parse_dress_size,
    parse_feet,
    parse_kilograms,
    parse_pounds,
    parse_stone,
)


@pytest.mark.parametrize(("feet", "inches", "value"), [(5, 4, "163"), (5, 0, "152"), (6, 2, "188"), (5, 3.5, "161")])
def test_feet(feet: int, inches: float, value: str) -> None:
    assert parse_feet(feet, inches) == value


@pytest.mark.parametrize(("feet", "inches"), [(3, 0), (7, 4), (5, 12)])
def test_what_is_no_height_in_feet(feet: int, inches: float) -> None:
    assert parse_feet(feet, inches) is None


@pytest.mark.parametrize(("number", "value"), [(165, "165"), (1.65, "165"), (90, None), (2.5, None), (230, None)])
def test_centimetres(number: float, value: str | None) -> None:
    assert parse_centimetres(number) == value


@pytest.mark.parametrize(
    ("stone", "pounds", "value"), [(9, 4, "59"), (8.5, 0, "54"), (9, 0, "57"), (9, 14, None), (2, 0, None)]
)
def test_stone(stone: float, pounds: float, value: str | None) -> None:
    assert parse_stone(stone, pounds) == value


def test_pounds_and_kilograms() -> None:
    assert parse_pounds(120) == "54"
    assert parse_kilograms(55.4) == "55"
    assert parse_pounds(30) is None
    assert parse_kilograms(300) is None


@pytest.mark.parametrize(
    ("number", "country", "value"),
    [(8, "UK", "8"), (4, "US", "8"), (36, "EU", "8"), (7, "UK", None), (60, "UK", None), (0, "US", "4")],
)
def test_dress_sizes(number: int, country: str, value: str | None) -> None:
    assert parse_dress_size(number, country) == value


@pytest.mark.parametrize(
    ("text", "value"), [("34dd", "34DD"), ("36 C", "36C"), ("75b", "75B"), ("34de", None), ("52c", None), ("dd", None)]
)
def test_bust(text: str, value: str | None) -> None:
    assert parse_bust(text) == value
