"""Phone numbers as E.164 with country and class. UK rules come first, because the library's are too strict for us."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

_RESERVED_GB: Final = re.compile(
    r"77009\d{5}"
    r"|1(?:1[3-8]|[2-6]1)4960\d{3}"
    r"|2079460\d{3}|1914980\d{3}|2896496\d{3}|2920180\d{3}|1632960\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3}"
)
"""Ofcom's drama numbers, and all of 07700 9xxxxx around the drama mobiles, which is never given out."""

_CLASSES_GB: Final = (
    (re.compile(r"7(?:[1-57-9]\d|624)\d{6,8}"), "mobile"),
    (re.compile(r"70\d{8}"), "personal"),
    (re.compile(r"76\d{8}"), "pager"),
    (re.compile(r"(?:3[0347]|5[56]|80)\d{8}|8(?:4[2-5]|7[0-3])\d{7}"), "non_geographic"),
    (re.compile(r"9[018]\d{8}"), "premium"),
)
_RESERVED_US: Final = re.compile(r"[2-9]\d\d55501\d\d")
_NANP: Final = re.compile(r"1?([2-9]\d\d)(\d{7})")
_NORTH_AMERICA: Final = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1])
_CLASSES: Final = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
    PhoneNumberType.TOLL_FREE: "non_geographic",
    PhoneNumberType.SHARED_COST: "non_geographic",
    PhoneNumberType.UAN: "non_geographic",
    PhoneNumberType.VOIP: "non_geographic",
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.PERSONAL_NUMBER: "personal",
    PhoneNumberType.PAGER: "pager",
}
_TRUNK: Final = re.compile(r"\(\s*0\s*\)")


class Phone(NamedTuple):
    """A number in E.164, the ISO country of its range, and its class (`reserved` is a drama number)."""

    e164: str
    country: str
    kind: str


def parse_phone(text: str, region: str = "GB") -> Phone | None:
    """Return the number that a text of digits and separators states, or None when it is none.

    A national number is read by the rules of `region`; `+44 (0)`, `0044` and `44` are understood.
    """
    bare = _TRUNK.sub("", text).strip()
    digits = "".join(char for char in bare if char in "0123456789")
    return classify_digits(digits, bare.startswith("+"), region)


@lru_cache(maxsize=8_192)
def classify_digits(digits: str, is_international: bool, region: str = "GB") -> Phone | None:
    """Return the number that ASCII digits mean; `is_international` says that they begin with a country code."""
    if is_international:
        return _classify_international(digits)
    if region == "GB":
        return _classify_from_gb(digits)
    if region in _NORTH_AMERICA:
        return _classify_international(digits[3:]) if digits.startswith("011") else _classify_nanp(digits)
    if digits.startswith("00"):
        return _classify_international(digits[2:])
    return _classify_by_library(digits, region)


def assume_nanp(digits: str) -> Phone | None:
    """Return the North American number that digits are laid out as, even when no such area or exchange exists.

    What a person plainly wrote as a number is one for linking, also when a digit of it is made up.
    """
    found = _NANP.fullmatch(digits)
    return Phone(f"+1{found[1]}{found[2]}", "US", "mobile") if found else None


def caption_phone(e164: str) -> str:
    """Return the number as people of its country write it (`07700 900 123`), foreign ones with `+`."""
    if re.fullmatch(r"\+447\d{9}", e164):
        return f"0{e164[3:7]} {e164[7:10]} {e164[10:]}"
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    is_british = number.country_code == 44
    return phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if is_british else PhoneNumberFormat.INTERNATIONAL
    )


def _classify_from_gb(digits: str) -> Phone | None:
    if digits.startswith("00"):
        return _classify_international(digits[2:])
    if digits.startswith("0"):
        return _classify_gb(digits[1:])
    if digits.startswith("44") and len(digits) >= 12:
        return _classify_gb(digits[2:].removeprefix("0"))
    return _classify_gb(digits) if digits.startswith("7") and len(digits) == 10 else None


def _classify_gb(national: str) -> Phone | None:
    if len(national) == 10:
        if _RESERVED_GB.fullmatch(national):
            return Phone(f"+44{national}", "GB", "reserved")
        for pattern, kind in _CLASSES_GB:
            if pattern.fullmatch(national):
                return Phone(f"+44{national}", "IM" if national.startswith("7624") else "GB", kind)
    return _classify_by_library(f"0{national}", "GB") if national[:1] in ("1", "2") else None


def _classify_international(digits: str) -> Phone | None:
    if digits.startswith("44"):
        return _classify_gb(digits[2:].removeprefix("0"))
    if digits.startswith("1"):
        return _classify_nanp(digits)
    return _classify_by_library(f"+{digits}", None)


def _classify_nanp(digits: str) -> Phone | None:
    """Return the North American number of ten digits, judged by its area code: its exchange begins with 2 to 9."""
    found = _NANP.fullmatch(digits)
    area = _classify_area(found[1]) if found and found[2][0] in "23456789" else None
    if not found or not area:
        return None
    kind = "reserved" if _RESERVED_US.fullmatch(found[1] + found[2]) else area.kind
    return Phone(f"+1{found[1]}{found[2]}", area.country, kind)


@lru_cache(maxsize=1_000)
def _classify_area(area: str) -> Phone | None:
    return _classify_by_library(f"+1{area}2345678", None)


def _classify_by_library(text: str, region: str | None) -> Phone | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return Phone(_format(number), phonenumbers.region_code_for_number(number) or "001", _kind_of(number))


def _format(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _kind_of(number: PhoneNumber) -> str:
    return _CLASSES.get(phonenumbers.number_type(number), "non_geographic")
