"""Every way of writing a number holds exactly its digits, so that the truth of a world is the truth."""

import random
import re
import unicodedata
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from simulator.disguise import DISGUISES, OPEN_STYLES, Written, disguise, write_openly, write_plain
from simulator.numbers import Numbers

WORDS: Final = {
    "zero": "0", "zer0": "0", "oh": "0", "O": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "thre": "3",
    "four": "4", "foor": "4", "five": "5", "six": "6", "seven": "7", "sevn": "7", "eight": "8", "eigth": "8",
    "nine": "9", "nien": "9",
}  # fmt: skip
LOOKALIKES: Final = str.maketrans("OoIlZSBОοΟЗбІЧ", "00112580003614")

mobiles = st.integers(0, 99_999).map(lambda number: f"+4477009{number:05d}")
streams = st.integers(0, 2**32).map(random.Random)


def undo(written: Written) -> str:
    """Return the digits of a number that is known to be one: far simpler than finding it in a text."""
    text = written.head + written.text
    if written.style in {"words", "mixed_words"}:
        text = re.sub(r"\b(double|treble) (\w+)", lambda m: f"{m[2]} " * (2 if m[1] == "double" else 3), text)
        text = re.sub("[A-Za-z]+0?", lambda m: WORDS[m[0]], text)
    elif written.style in {"letters", "homoglyph"}:
        text = text.translate(LOOKALIKES)
    digits = "".join(str(unicodedata.digit(letter)) for letter in text if unicodedata.digit(letter, None) is not None)
    return re.sub(r"^(00)?440?", "0", digits)


@given(mobiles, streams)
def test_a_disguise_holds_the_number_and_hides_it_from_a_plain_search(mobile: str, rng: random.Random) -> None:
    written = disguise(rng, mobile)
    assert written.style in DISGUISES
    assert undo(written) == "0" + mobile[3:]
    assert "0" + mobile[3:] not in written.text


@given(mobiles, streams)
def test_open_forms_hold_the_number(mobile: str, rng: random.Random) -> None:
    written = write_openly(rng, mobile)
    assert written.style in OPEN_STYLES
    assert undo(written) == "0" + mobile[3:]


@given(mobiles, streams)
def test_plain_forms_are_digits_and_spaces(mobile: str, rng: random.Random) -> None:
    text = write_plain(rng, mobile)
    assert re.fullmatch(r"\+?[\d -]+", text)
    assert undo(Written("plain", text)) == "0" + mobile[3:]


def test_switchboards_are_written_as_their_area_does() -> None:
    numbers, rng = Numbers(3, 1_000), random.Random(1)
    forms = {"London": r"020 7946 0\d{3}", "Leeds": r"0113 496 0\d{3}", "Bath": r"01632 960\d{3}"}
    for town, form in forms.items():
        assert re.fullmatch(form, write_plain(rng, numbers.take_landline(town) or ""))


def test_every_disguise_is_used() -> None:
    rng = random.Random(5)
    assert {disguise(rng, "+447700900123").style for _ in range(2_000)} == set(DISGUISES)
