"""What is a handle of a service and what is none."""

import pytest

from adverts.values import SERVICES, parse_handle


@pytest.mark.parametrize(
    ("service", "name", "value"),
    [
        ("telegram", "@Anna_Example", "telegram:anna_example"), ("snapchat", "anna.example", "snapchat:anna.example"),
        ("whatsapp", "+447700900123", "whatsapp:+447700900123"), ("instagram", "anna.ex", "instagram:anna.ex"),
    ],
)  # fmt: skip
def test_accepted(service: str, name: str, value: str) -> None:
    handle = parse_handle(service, name)
    assert handle is not None
    assert handle.value == value


@pytest.mark.parametrize(
    ("service", "name"), [("telegram", "abc"), ("x", "a" * 16), ("pigeon", "anna"), ("snapchat", "1anna"), ("kik", "")]
)
def test_rejected(service: str, name: str) -> None:
    assert parse_handle(service, name) is None


def test_every_service_of_the_interface_is_known() -> None:
    assert {"telegram", "whatsapp", "snapchat", "instagram", "x", "onlyfans", "signal", "kik"} <= set(SERVICES)
