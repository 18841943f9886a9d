"""What e-mail addresses and web addresses are made of: known top-level domains, and signs that are spelt out."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from enrichment.language import read_function_words

_DATA: Final = Path(__file__).parents[1] / "data"
OPENINGS: Final = "[({<*|_~-"
"""What stands before a sign that is spelt out: brackets, and what people use for them."""
_OPEN, _CLOSE = f"[{re.escape(OPENINGS)}]", r"[\])}>*|_~-]"
_SMALL: Final = frozenset(
    (
        "polka",
        "on",
        "in",
        "is",
        "it",
        "at",
        "to",
        "as",
        "an",
        "or",
        "be",
        "by",
        "do",
        "go",
        "us",
        "me",
        "no",
        "so",
        "if",
    )
)


@cache
def read_domains(strength: str) -> frozenset[str]:
    """Return the top-level domains that make a host by themselves (`bare`), or only before a path (`path`)."""
    with (_DATA / "top_level_domains.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(
            word for row in csv.DictReader(file) if row["strength"] == strength for word in row["domains"].split()
        )


@cache
def read_signs() -> Mapping[str, str]:
    """Return the sign of each word that spells one out."""
    with (_DATA / "spelt_signs.csv").open(encoding="utf-8", newline="") as file:
        return {word: row["sign"] for row in csv.DictReader(file) for word in row["words"].split()}


@cache
def read_providers() -> Mapping[str, str]:
    """Return the domain of each mail provider that people name alone."""
    with (_DATA / "mail_providers.csv").open(encoding="utf-8", newline="") as file:
        return {name: row["domain"] for row in csv.DictReader(file) for name in row["names"].split("|")}


def spell(sign: str) -> str:
    """Return a pattern for a sign that is spelt out: its word between blanks, its word or itself in brackets."""
    words = "|".join(word for word, meant in read_signs().items() if meant == sign)
    return rf"(?:\s?{_OPEN}\s?(?:{words}|{re.escape(sign)})\s?{_CLOSE}\s?|\s{{1,2}}(?:{words})\s{{1,2}})"


@cache
def _signs() -> tuple[tuple[re.Pattern[str], str], ...]:
    return (*((re.compile(spell(sign)), sign) for sign in "._-"), (re.compile(r"\s?[.,]\s?|dot(?=com$)"), "."))


def join_spelt(text: str) -> str:
    """Return a lower-case address with the signs that it spells out written as signs."""
    for pattern, sign in _signs():
        text = pattern.sub(sign, text)
    return text


def is_small_word(label: str) -> bool:
    """Return whether a label is a small word of the sentence, so that what follows is no address."""
    return len(label) < 2 or label in read_function_words() or label in _SMALL
