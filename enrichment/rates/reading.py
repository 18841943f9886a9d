"""The rates of one text: each amount with its time, its setting and what it is for."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from adverts.values import Price
from enrichment.rates.calls import Settings, find_settings
from enrichment.rates.pairing import Pairs, minutes_of, pair_tokens
from enrichment.rates.purposes import USUAL, find_purpose, find_time_purpose
from enrichment.rates.tokens import Token, read_tokens

_SHARING: Final = re.compile(
    r"(?:[^\w.!?;\x00]|(?:in|out)(?:[ -]?calls?)?(?![a-z])|(?:or|and|for|is)(?![a-z]))*"
)  # what may stand between two amounts for one time: `incall 120 / outcall 150 per hour`
_POUNDS: Final = ("pound", "pounds")
_REACH: Final = 24  # characters between them


class Rated(NamedTuple):
    """An amount in its place; `is_sure` when its currency and time are stated right with it."""

    start: int
    end: int
    price: Price
    setting: str = ""
    purpose: str = ""
    is_sure: bool = False


def read_rates(text: str, currency: str) -> list[Rated]:
    """Return every amount of a lower-case text, in order; `currency` is that of amounts that name none."""
    rates: list[Token] = []
    others: list[Rated] = []
    usual: set[int] = set()  # where amounts stand that the advert undercuts
    tokens = read_tokens(text)
    kinds = {token.kind for token in tokens}
    if "amount" not in kinds and "bare" not in kinds:
        return others
    for token in tokens:
        if token.kind == "amount":
            if currency != "GBP" and token.text.endswith(_POUNDS):
                continue  # a weight
            if purpose := find_purpose(text, token):
                if purpose != USUAL:
                    others.append(_build(token, None, currency, purpose=purpose))
                    continue
                usual.add(token.start)
        rates.append(token)
    found = [*others, *_iter_timed(text, rates, usual, currency)]
    return sorted(found) if others else found


def _iter_timed(text: str, rates: list[Token], usual: set[int], currency: str) -> Iterator[Rated]:
    pairs = pair_tokens(text, rates)
    settings = find_settings(text, rates)
    times = pairs | _share_times(text, rates, pairs, settings) if settings else pairs
    for at, token in enumerate(rates):
        if token.price is None or (token.kind == "bare" and at not in times):
            continue
        time = rates[times[at]] if at in times else None
        purpose = USUAL if token.start in usual or (token.kind == "bare" and find_purpose(text, token) == USUAL) else ""
        if time and not purpose:
            purpose = find_time_purpose(text, time)
        sure = token.kind == "amount" and at in pairs
        yield _build(token, time, currency, setting=settings.get(at, ""), purpose=purpose, is_sure=sure)


def _share_times(text: str, rates: list[Token], pairs: Pairs, settings: Settings) -> Pairs:
    """Return the times of amounts that share a neighbour's: one is for in-calls, the other for out-calls."""
    shared: Pairs = {}
    amounts = [at for at, token in enumerate(rates) if token.is_money]
    for one, other in (*pairwise(amounts), *pairwise(reversed(amounts))):
        time = pairs.get(one, shared.get(one))
        if time is None or other in pairs or other in shared or not settings.get(other):
            continue
        if settings.get(one) != settings[other] and _is_shared(text, *_between(rates, one, other, time)):
            shared[other] = time
    return shared


def _between(rates: list[Token], one: int, other: int, time: int) -> tuple[int, int]:
    """Return the stretch between two amounts, less the time of the first where that stands between them."""
    if one < other:
        return rates[max(one, time) if time < other else one].end, rates[other].start
    return rates[other].end, rates[min(one, time) if time > other else one].start


def _is_shared(text: str, start: int, end: int) -> bool:
    return end - start <= _REACH and _SHARING.fullmatch(text, start, end) is not None


def _build(
    token: Token, time: Token | None, currency: str, *, setting: str = "", purpose: str = "", is_sure: bool = False
) -> Rated:
    assert token.price is not None
    minutes = minutes_of(token, time) if time else None
    price = Price(token.price.amount, token.price.currency or currency, minutes)
    return Rated(token.start, token.end, price, setting, purpose, is_sure)
