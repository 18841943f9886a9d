"""Messaging and social services: by which labels people name them, and which words after a label are no names."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal, NamedTuple

from enrichment.language import read_function_words

_DATA: Final = Path(__file__).parents[1] / "data"
_MARKED: Final = re.compile(r"[a-z]{2,}[0-9_]|[a-z][._]?[0-9]{2}|[0-9_][a-z]+[0-9_]|_[a-z]")
_HOST_LIKE: Final = re.compile(r"^www\.|\.(?:com|net|org|uk)$")

Strength = Literal["name", "mark", "line"]
"""`name`: the label alone names the service; `mark`: with a colon, an @ or "my"; `line`: it must open a line, too."""


class Label(NamedTuple):
    """How people write a service."""

    text: str
    service: str
    strength: Strength


@cache
def read_labels() -> Mapping[str, Label]:
    """Return the labels by their lower-case text."""
    labels: dict[str, Label] = {}
    with (_DATA / "messengers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for text in row["labels"].split("|"):
                labels[text] = Label(text, row["service"], row["strength"])  # type: ignore[arg-type]
    return labels


@cache
def _no_names() -> frozenset[str]:
    words = (_DATA / "no_handles.txt").read_text(encoding="utf-8").split()
    return frozenset((*words, *read_function_words(), *read_labels()))


def is_word(name: str) -> bool:
    """Return whether what follows a label is rather a word of the sentence, a bare number or a web address."""
    return name in _no_names() or name.isdigit() or _HOST_LIKE.search(name) is not None


def looks_like_name(name: str) -> bool:
    """Return whether a lower-case text can only be a made-up name: digits, underscores or dots inside."""
    if len(name) < 4 or is_word(name):
        return False
    parts = name.split(".")
    if len(parts) > 1 and all(parts):
        return max(map(len, parts)) > 2 and not any(part in _no_names() for part in parts if len(part) > 1)
    return _MARKED.search(name) is not None
