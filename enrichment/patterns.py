"""Patterns that analysts write in packs and lexicons: phrases with `a|b` where a word may vary."""

import itertools
from typing import Final

_MOST_FORMS: Final = 64  # literal phrases that one pattern may stand for


def expand_pattern(pattern: str) -> list[str]:
    """Return the literal phrases, in lower case, that a pattern stands for; `()` as a choice means no word."""
    if "|" not in pattern and "()" not in pattern:
        return [" ".join(pattern.lower().split())]
    choices = [word.split("|") for word in pattern.lower().split()]
    forms = itertools.islice(itertools.product(*choices), _MOST_FORMS + 1)
    phrases = [" ".join(word for word in form if word != "()") for form in forms]
    if len(phrases) > _MOST_FORMS:
        raise ValueError(f"the pattern {pattern!r} stands for more than {_MOST_FORMS} phrases")
    return phrases
