"""The analysts' search syntax: text to query objects, with the place of every fault.

    query = all ("OR" all)*     all = part+
    part = "-" part | "(" query ")" | word | word* | wo*d | word~ | "phrase" | field:value

`indexer.rendering` writes a query back as text.
"""

import re
from typing import Final, NoReturn

from adverts.errors import StopRun
from indexer.cleaning import clean_phone
from indexer.fields import Whose, suggest_fields
from indexer.query import All, Query, join_and, join_or
from indexer.values import FaultyValue, Typed, parse_value, parse_words

_LONGEST: Final = 4_000  # code points
_DEEPEST: Final = 50  # brackets and minus signs within one another
_MOST_PARTS: Final = 200  # 1,300 words that each end with a * took 13 s on 3,400 adverts
_SPACE: Final = re.compile(r"\s*")
_FIELD: Final = re.compile(r"([A-Za-z_]+):")
_BARE: Final = re.compile(r'[^\s()"“”]*')
_QUOTE: Final = re.compile(r'["“”]')
_QUOTED: Final = re.compile(r'["“”]((?:[^\\"“”]|\\.)*)["“”]', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_PHONE: Final = re.compile(r"[+(]*\d[\d ().\-]*(?:\*(?!\d)|~[12]?(?!\w))?")
_LAST: Final = re.compile(r"last\s+\d{1,4}\s+\w+", re.IGNORECASE)
_OR: Final = re.compile(r'OR(?=[\s()"“”]|$)')


class QuerySyntaxError(StopRun):
    """A query that cannot be read: show the message, which points at the place. `position` counts code points."""

    def __init__(self, text: str, position: int, problem: str, suggestion: str = "") -> None:
        line = re.sub(r"\s", " ", text)
        hint = f"\n{suggestion}" if suggestion else ""
        super().__init__(f"{problem}\n  {line}\n  {' ' * position}^{hint}", code=2)
        self.position = position
        self.problem = problem
        self.suggestion = suggestion


def parse_query(text: str, whose: Whose = "adverts") -> Query:
    """Return the query that an analyst typed, about adverts or networks; an empty text asks for all.

    QuerySyntaxError points at a fault.
    """
    if len(text) > _LONGEST:
        raise QuerySyntaxError(f"{text[:40]}…", 0, f"The query is longer than {_LONGEST:,} characters.")
    return _Parser(text, whose).parse()


class _Parser:
    """Reads one text from left to right; `at` is the place of the next character."""

    def __init__(self, text: str, whose: Whose) -> None:
        self.text = text
        self.whose = whose
        self.at = 0
        self.depth = 0
        self.parts = 0

    def parse(self) -> Query:
        self._take(_SPACE)
        if self.at == len(self.text):
            return All()
        query = self._parse_or()
        if self.at < len(self.text):
            self._fail(self.at, "This bracket closes nothing.", "Remove it, or open one before it.")
        return query

    def _parse_or(self) -> Query:
        parts = [self._parse_and()]
        while self._take(_OR):
            self._take(_SPACE)
            parts.append(self._parse_and())
        return join_or(parts)

    def _parse_and(self) -> Query:
        parts: list[Query] = []
        while self.at < len(self.text) and self.text[self.at] != ")" and not _OR.match(self.text, self.at):
            parts.append(self._parse_part())
            self._take(_SPACE)
        if not parts:
            self._fail(self.at, "A word or a field is missing here.", 'To search for the word OR, write "OR".')
        return join_and(parts)

    def _parse_part(self) -> Query:
        start = self.at
        self.depth += 1
        self.parts += 1
        if self.parts > _MOST_PARTS:
            hint = "To search for a longer text, put it in quotation marks."
            self._fail(start, f"The query has more than {_MOST_PARTS} words and fields.", hint)
        if self.depth > _DEEPEST:
            self._fail(start, "There are too many brackets within one another.")
        if self._is_minus(start):
            self.at += 1
            query = ~self._parse_part()
        elif self.text[start] == "(":
            query = self._parse_brackets(start)
        elif field := self._take(_FIELD):
            query = self._parse_field(start, field[:-1].lower())
        else:
            query = self._parse_word()
        self.depth -= 1
        return query

    def _is_minus(self, at: int) -> bool:
        return self.text[at] == "-" and not (self.text[at + 1 : at + 2] or " ").isspace()

    def _parse_brackets(self, start: int) -> Query:
        self.at += 1
        self._take(_SPACE)
        query = self._parse_or()
        if self.at == len(self.text):
            self._fail(start, "This bracket is never closed.", "Add a closing bracket.")
        self.at += 1
        return query

    def _parse_word(self) -> Query:
        start = self.at
        try:
            return parse_words(self._take_typed())
        except FaultyValue as fault:
            self._fail(start, str(fault), fault.suggestion)

    def _parse_field(self, start: int, name: str) -> Query:
        value_at = self.at
        spaced = self._take_phone() if name == "phone" else self._take(_LAST)
        try:
            return parse_value(name, Typed(spaced, quoted=False) if spaced else self._take_typed(), self.whose)
        except KeyError:
            near = " or ".join(f"{field}:" for field in suggest_fields(name, self.whose))
            hint = f"Did you mean {near}?" if near else "To search for the text itself, put it in quotation marks."
            self._fail(start, f"There is no field {name}.", hint)
        except FaultyValue as fault:
            self._fail(value_at, str(fault), fault.suggestion)

    def _take_typed(self) -> Typed:
        """Return what stands here: a quoted text, or everything up to a space, bracket or quotation mark."""
        if quoted := self._take(_QUOTED):
            return Typed(_ESCAPED.sub(r"\1", quoted[1:-1]), quoted=True)
        if _QUOTE.match(self.text, self.at):
            self._fail(self.at, "This quotation mark is never closed.", "Add a closing quotation mark.")
        return Typed(self._take(_BARE), quoted=False)

    def _take_phone(self) -> str:
        """Return the longest whole number that stands here, spaces and brackets included; empty when there is none."""
        found = _PHONE.match(self.text, self.at)
        words = found[0].split(" ") if found else []
        for count in range(len(words), 0, -1):
            number = " ".join(words[:count]).rstrip(" ().-")
            if number.endswith("*") or _is_whole(number.rpartition("~")[0] or number):
                self.at += len(number)
                return number
        return ""

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if not found:
            return ""
        self.at = found.end()
        return found[0]

    def _fail(self, position: int, problem: str, suggestion: str = "") -> NoReturn:
        raise QuerySyntaxError(self.text, position, problem, suggestion) from None


def _is_whole(number: str) -> bool:
    try:
        clean_phone(number)
    except ValueError:
        return False
    return True
