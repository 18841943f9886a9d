"""What is an e-mail address and what is none."""

import pytest

from adverts.values import parse_email


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Anna@Example.com", "anna@example.com"), (" a.b+c@mail.example.co.uk ", "a.b+c@mail.example.co.uk"),
        ("mailto:anna@example.com", "anna@example.com"),
    ],
)  # fmt: skip
def test_accepted(text: str, value: str) -> None:
    assert parse_email(text) == value


@pytest.mark.parametrize(
    "text",
    ["", "anna", "anna@", "@example.com", "anna@example", "a..b@example.com", "a.@example.com", "a b@example.com"],
)
def test_rejected(text: str) -> None:
    assert parse_email(text) is None
