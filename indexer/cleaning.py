"""How what is typed becomes the form in which a value is indexed; a ValueError ends the sentence "<typed> ..."."""

import re
import unicodedata
from typing import Final

from adverts.values.phone import parse_phone
from adverts.values.postcode import parse_postcode

_NOT_DIGIT: Final = re.compile(r"[^0-9]")
_TRUNK: Final = re.compile(r"\(\s*0\s*\)")
_UK: Final = "+44"
_PARTS: Final = re.compile(r"([^\W_]+)([\W_]*)")
_TIMES: Final = {"double": 2, "treble": 3, "triple": 3}
_DIGIT_WORDS: Final = {
    "zero": "0", "oh": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_LOOKALIKES: Final = str.maketrans({"o": "0", "i": "1", "l": "1", "|": "1", "s": "5", "z": "2", "b": "8"})


def clean_plain(typed: str) -> str:
    """Return the value without spaces round it."""
    return typed.strip()


def clean_phone(typed: str) -> str:
    """Return a whole number in E.164, however it is written, disguised too; one without a country is a UK one."""
    bare = undisguise(typed)
    number = None if _has_letters(bare) else parse_phone(bare)
    if number is None:
        start = _NOT_DIGIT.sub("", bare)
        hint = f"; for numbers that begin so, write phone:{start}*" if start else ""
        raise ValueError(f"is not a whole phone number{hint}")
    return number.e164


def undisguise(typed: str) -> str:
    """Return a number as digits where it is typed as an advert hides it: O77OO, 0️⃣7️⃣, oh double seven.

    What holds a word that is no digit comes back as it is.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if not unicodedata.combining(sign))
    plain = "".join(str(unicodedata.digit(sign, sign)) for sign in plain)
    if not _has_letters(plain):
        return plain
    out, times = [], 1
    for word, between in _PARTS.findall(plain.lower()):
        if word in _TIMES:
            times = _TIMES[word]
            continue
        digits = _DIGIT_WORDS.get(word) or word.translate(_LOOKALIKES)
        if not digits.isdecimal():
            return typed
        out.append(digits * times if word in _DIGIT_WORDS else digits[:1] * (times - 1) + digits)
        times = 1
        out.append("+" if "+" in between else " ")
    return ("+" if plain.lstrip(" (").startswith("+") else "") + "".join(out)


def clean_phone_start(typed: str) -> str:
    """Return the beginning of a number in E.164."""
    digits = _NOT_DIGIT.sub("", _TRUNK.sub("", typed))
    if not digits or _has_letters(typed):
        raise ValueError("is not the beginning of a number; write it in digits, such as phone:07700*")
    if typed.lstrip(" (").startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if digits.startswith("44"):  # no number within the UK begins so
        return f"+{digits}"
    return _UK + digits.removeprefix("0")


def clean_phone_end(typed: str) -> str:
    """Return the digits of the end of a number."""
    digits = _NOT_DIGIT.sub("", typed)
    if not digits or _has_letters(typed):
        raise ValueError("is not the end of a number; write it in digits, such as phone:*900123")
    return digits


def clean_handle(typed: str) -> str:
    """Return `service:name` without the @ that people put before a name."""
    return typed.strip().replace(":@", ":")


def clean_postcode(typed: str) -> str:
    """Return `CF10 1EP` or `CF10` for any case and spacing."""
    postcode = parse_postcode("".join(typed.split()))
    if postcode is None:
        raise ValueError('is not a UK postcode; write postcode:CF10 or postcode:"CF10 1EP"')
    return postcode


def _has_letters(text: str) -> bool:
    return any(character.isalpha() for character in text)
