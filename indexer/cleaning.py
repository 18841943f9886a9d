"""How what is typed becomes the form in which a value is indexed; a ValueError ends the sentence "<typed> ..."."""

import re
from typing import Final

_NOT_DIGIT: Final = re.compile(r"[^\d]")
_TRUNK: Final = re.compile(r"\(0\)")
_POSTCODE: Final = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})?")
_UK: Final = "+44"
_UK_DIGITS: Final = (9, 10)  # of a whole national number, without its 0
_FOREIGN_DIGITS: Final = (8, 15)


def clean_plain(typed: str) -> str:
    """Return the value without spaces round it."""
    return typed.strip()


def clean_phone(typed: str) -> str:
    """Return a whole number in E.164, however it is written; numbers without a country are UK ones."""
    number = clean_phone_start(typed)
    digits = len(number) - (len(_UK) if number.startswith(_UK) else 1)
    least, most = _UK_DIGITS if number.startswith(_UK) else _FOREIGN_DIGITS
    if not least <= digits <= most:
        start = _NOT_DIGIT.sub("", typed)
        raise ValueError(f"is not a whole number; for numbers that begin so, write phone:{start}*")
    return number


def clean_phone_start(typed: str) -> str:
    """Return the beginning of a number in E.164."""
    digits = _NOT_DIGIT.sub("", _TRUNK.sub("", typed))
    if not digits or any(character.isalpha() for character in typed):
        raise ValueError("is not a number; write it in digits, such as phone:07700900123")
    if typed.lstrip(" (").startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if digits.startswith("44"):  # no number within the UK begins so
        return f"+{digits}"
    return _UK + digits.removeprefix("0")


def clean_postcode(typed: str) -> str:
    """Return `CF10 1EP` or `CF10` for any case and spacing."""
    found = _POSTCODE.fullmatch("".join(typed.split()).upper())
    if not found:
        raise ValueError('is not a UK postcode; write postcode:CF10 or postcode:"CF10 1EP"')
    return " ".join(part for part in found.groups() if part)
