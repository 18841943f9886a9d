"""What is a price, what is a time, and how both are written."""

import pytest

from adverts.values import parse_minutes, parse_price


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("£120", "GBP 120/60"), ("£1,200", "GBP 1200/60"), ("120", "GBP 120/60"), ("120 pounds", "GBP 120/60"),
        ("£120.50", "GBP 120.50/60"), ("€100", "EUR 100/60"), ("100€", "EUR 100/60"), ("$80", "USD 80/60"),
        ("£120.00", "GBP 120/60"), ("£1.2k", "GBP 1200/60"), ("2k", "GBP 2000/60"), ("$$ 150", "USD 150/60"),
        ("150$", "USD 150/60"), ("gbp 120", "GBP 120/60"), ("120 roses", "GBP 120/60"), ("150 d0llars", "USD 150/60"),
        ("120-150", "GBP 120/60"), ("£100 - £150", "GBP 100/60"), ("from £90", "GBP 90/60"), ("🌹120", "GBP 120/60"),
        ("a hundred and twenty pounds", "GBP 120/60"), ("one twenty", "GBP 120/60"),
        ("two hundred bucks", "USD 200/60"),
    ],
)  # fmt: skip
def test_accepted(text: str, value: str) -> None:
    price = parse_price(text, 60)
    assert price is not None
    assert price.value == value


@pytest.mark.parametrize("text", ["", "0", "£", "12 girls", "-5", "123456789", "a few pounds", "1 " * 400])
def test_rejected(text: str) -> None:
    assert parse_price(text) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1 hour", 60), ("one hour", 60), ("1hr", 60), ("per hour", 60), ("30 mins", 30), ("half an hour", 30),
        ("hh", 30), ("1/2 hour", 30), ("half-hour", 30), ("90min", 90), ("1.5 hours", 90),
        ("hour and a half", 90), ("2 hrs", 120),
        ("two hours", 120), ("15 min", 15), ("qv", 15), ("overnight", 720), ("forty five minutes", 45),
        ("1h30", 90), ("1 hour 30 mins", 90), ("1 1/2 hours", 90), ("1½ hrs", 90), ("hlf", 30), ("h/h", 30),
        ("½ hour", 30),
        ("full hour", 60), ("full", 60), ("p/h", 60), ("an hr", 60), ("hourly", 60), ("24 hours", 1_440), ("q.v", 15),
        ("two and a half hours", 150), ("quickie", 15), ("short stay", 15), ("30'", 30),
    ],
)  # fmt: skip
def test_times(text: str, minutes: int) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize("text", ["", "now", "0 min", "blue", "hours of fun", "10", "30 hours", "1000 mins"])
def test_what_is_no_time(text: str) -> None:
    assert parse_minutes(text) is None


def test_captions() -> None:
    ninety, plain = parse_price("£180", 90), parse_price("£50")
    assert ninety is not None
    assert plain is not None
    assert (ninety.caption, plain.caption) == ("£180 for 1 h 30 min", "£50")
    assert plain.value == "GBP 50"
