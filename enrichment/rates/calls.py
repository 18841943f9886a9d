"""Whether an amount is for an in-call or an out-call: headings, columns, and words behind the amount."""

import re
from collections.abc import Iterator
from typing import Final

from enrichment.rates.tokens import Token

_ENDS: Final = re.compile(r"[.!?](?:\s|$)|\x00")
_REACH: Final = 70  # characters from a heading, or from the last amount under it, to the next amount
_SIDES: Final = re.compile(r"in|out")

Settings = dict[int, str]


def find_settings(text: str, tokens: list[Token]) -> Settings:
    """Return `incall` or `outcall` by position in `tokens`, for each amount that is for one of them."""
    if "setting" not in {token.kind for token in tokens}:
        return {}
    settings: Settings = {}
    columns: Settings = {}
    sides: list[str] = []  # headings that no amount has followed yet
    heading = ""
    last = 0
    for line in _iter_lines(text, tokens):
        if heading and _is_out_of_reach(text, last, tokens[line[0]].start):
            heading, sides = "", []
        calls = [at for at in line if tokens[at].kind == "setting"]
        amounts = [at for at in line if tokens[at].is_money]
        if calls and amounts and amounts[0] < calls[0]:
            settings |= _read_behind(tokens, line)
        else:
            ahead, heading = _read_ahead(tokens, line, heading)
            settings |= ahead
        sides = [] if amounts else [*sides, *(side for at in calls for side in _sides_of(tokens[at]))]
        if calls and len(sides) > 1:
            columns |= _read_columns(text, tokens, line[-1] + 1, sides)
        last = tokens[line[-1]].end
    return settings | columns


def _iter_lines(text: str, tokens: list[Token]) -> Iterator[list[int]]:
    """Yield the positions of the tokens of each line, a sentence's end being a line's end."""
    line: list[int] = []
    for at, token in enumerate(tokens):
        if line and re.search(r"\n|[.!?]\s", text[tokens[at - 1].end : token.start]):
            yield line
            line = []
        line.append(at)
    if line:
        yield line


def _is_out_of_reach(text: str, end: int, start: int) -> bool:
    return start - end > _REACH or _ENDS.search(text, end, start) is not None


def _read_behind(tokens: list[Token], line: list[int]) -> Settings:
    """Return the settings of a line such as `£120 incall £150 outcall`."""
    settings: Settings = {}
    waiting: list[int] = []
    for at in line:
        if tokens[at].is_money:
            waiting.append(at)
        elif tokens[at].kind == "setting":
            sides = _sides_of(tokens[at])
            settings |= dict.fromkeys(waiting, sides[0]) if len(sides) == 1 else {}
            waiting = []
    return settings


def _read_ahead(tokens: list[Token], line: list[int], heading: str) -> tuple[Settings, str]:
    """Return the settings of a line whose words stand before the amounts, and the heading for the next line."""
    settings: Settings = {}
    for at in line:
        if tokens[at].kind == "setting":
            sides = _sides_of(tokens[at])
            is_second = at - 1 in line and tokens[at - 1].kind == "setting"
            heading = sides[0] if len(sides) == 1 and not is_second else ""
        elif tokens[at].is_money and heading:
            settings[at] = heading
    return settings, heading


def _read_columns(text: str, tokens: list[Token], start: int, sides: list[str]) -> Settings:
    """Return the settings of a table's amounts, where each time has one amount under each heading."""
    settings: Settings = {}
    row: list[int] = []
    for at in range(start, len(tokens) + 1):
        is_money = at < len(tokens) and tokens[at].is_money
        if row and not is_money:
            settings |= dict(zip(row, sides, strict=True)) if len(row) == len(sides) else {}
            row = []
        if (
            at == len(tokens)
            or tokens[at].kind == "setting"
            or _is_out_of_reach(text, tokens[at - 1].end, tokens[at].start)
        ):
            break
        row += [at] if is_money else []
    return settings


def _sides_of(token: Token) -> list[str]:
    return [f"{side}call" for side in _SIDES.findall(token.text)]
