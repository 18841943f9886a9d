"""What changed between two versions of a text, word by word."""

import re
from difflib import SequenceMatcher
from typing import Final, Literal

import msgspec

_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]+")
_LINES: Final = re.compile(r".*\n|.+")
_MOST_WORDS: Final = 1_500  # the matcher is quadratic at worst: 1,500 words take under 30 ms, longer texts go by line
_MOST_LINES: Final = 1_500


class Change(msgspec.Struct, frozen=True):
    """A run of text that stayed, went or came."""

    kind: Literal["same", "removed", "added"]
    text: str


def compare_texts(before: str, after: str) -> list[Change]:
    """Return the changes that turn `before` into `after`; words where the texts are short enough, else lines."""
    if before == after:
        return [Change("same", after)] if after else []
    old, new = _split(_WORDS, before), _split(_WORDS, after)
    if max(len(old), len(new)) > _MOST_WORDS:
        old, new = _split(_LINES, before), _split(_LINES, after)
    if max(len(old), len(new)) > _MOST_LINES:
        return [Change("removed", before), Change("added", after)]
    changes: list[Change] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            changes.append(Change("same", "".join(new[k:m])))
            continue
        changes += [Change("removed", "".join(old[i:j]))] if i < j else []
        changes += [Change("added", "".join(new[k:m]))] if k < m else []
    return changes


def _split(pattern: re.Pattern[str], text: str) -> list[str]:
    return pattern.findall(text)
