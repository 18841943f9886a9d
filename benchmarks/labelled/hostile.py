"""Texts that look for a weak spot: repeats of what each pattern hopes for, and random mixtures of them."""

import random
from collections.abc import Iterator
from typing import Final

SIZE: Final = 1_000_000
"""Characters of a hostile body."""

UNITS: Final = (
    # letters, blanks and signs
    "a", "a ", " ", "\n", "\t ", ".", ". ", "-", "/", "(", ")(", "[", ":", "@", "*", "'", "\"", "£", "$ ",
    "|", "~ ", "?!",
    # digits and number words
    "0", "0 ", "1 ", "7 ", "07", "07700 ", "0.", "0-", "0a", "00 44 ", "+44 ", "+", "(0", "12/10/", "10:00 ",
    "1,", "9)",
    "one ", "oh ", "double ", "treble o ", "seven", "sevenseven ", "for to won ate ", "doi trei ",
    "sette zero ", "七 ",
    "0️⃣", "０", "⁰", "٠ ", "🔟", "O", "l1", "0\u200b", "oI ", "0\u0336", "zer0 ", "%2B4",
    # addresses and handles
    "a@", "a@b.", "a at b dot ", "a dot b at ", "[at]", "a.b.", "www.", "http://", "https://a.com/",
    "a.com ", "x: ",
    "@a on ", "t.me/", "wa.me/44", "snap: a ", "telegram ", "insta @", "bc1q", "1A1z", "0x0f", "of: ",
    "kik me ",
    # places
    "M1 ", "M1 1AA ", "CF10", "in Leeds, ", "in Newport ", "near ", "york ", "15 min from ",
    "12 High Street ", "st ",
    # rates and measures
    "£10 ", "£1", "10 for ", "hh ", "1/2 ", "1 hour ", "30=", "120 roses ", "hr/", "in out ", "i am 20 ",
    "i'm ", "aged ",
    "5'", "5ft ", "1.6", "9st ", "lbs ", "34DD ", "size ", "twenty ", "20yo ", "years old ", "100 pounds ",
    # facts and wording
    "my name is ", "i speak ", "english and ", "romanian ", "owo, ", "gfe/", "no ", "no genuine ",
    "ask for her ", "she ",
    "our girls ", "new in town ", "from monday until friday ", "mon-", "24/7 ", "10am-", "until ",
    "available ", "schoolgirl ",
    "under 18 ", "18 ", "just turned ", "old ", "verified ", "not ", "without ",
    # scripts and odd characters
    "é", "aа", "а", "İ", "ﬁ", "\u200b", "\u202e", "\ufe0f", "\u20e3", "👩‍👩‍👧", "💋", "\x00", "\ufffd",
    "\ud800", "漢", "ا",
)  # fmt: skip
"""What hostile bodies are made of."""


def iter_hostile(mixtures: int, seed: int) -> Iterator[tuple[str, str]]:
    """Yield (name, body) for each unit repeated, then for random mixtures of some; the name shows how to make it."""
    for unit in UNITS:
        yield ascii(unit), repeat(unit)
    for number in range(mixtures):
        rng = random.Random(f"{seed}/{number}")
        few = rng.sample(UNITS, rng.randrange(2, 6))
        yield f"mixture {seed}/{number} of {few!a}", "".join(rng.choices(few, k=SIZE // 3))[:SIZE]


def repeat(unit: str, size: int = SIZE) -> str:
    """Return so much text of nothing but the unit."""
    return (unit * (size // len(unit) + 1))[:size]
