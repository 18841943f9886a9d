"""Which time an amount is for: neighbours, chosen so that most words find a partner at the least strain."""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from enrichment.rates.tokens import Token

_NEAR: Final = 32  # characters between an amount and its time
_LEAST_AN_HOUR: Final = 12  # of any currency: `open 24 hours, £120` is no rate
_BREAK: Final = re.compile(r"[.!?;]\s|\x00|\n\s*\n\s*[^\s\d£€$]")
_TIGHT: Final = re.compile(r"(?:[^\w,;!?\n\x00]|4 )*(?:(?:for|per|is|an?|the|special|4)[^\w,;!?\n\x00]*){0,2}")
_BARE_GAP: Final = re.compile(
    r"\s*|(?:[^\w.,;!?\n\x00]|\.(?!\s)|(?:for|per|is|at|only|just|an?|the|4|now|specials?|rates?|donations?|roses|full|sessions?|visits?|"
    r"bookings?|appointments?|"
    r"in(?:[ -]?calls?)?|out(?:[ -]?calls?)?)(?![a-z0-9]))*"
)
_SAID: Final = re.compile(r"[^.,;!?\n\x00]*\b(?:is|costs?|charge|only|be)\s")
_PARTING: Final = re.compile(r"[,;&|]|\band\b|\+")
_LINKING: Final = re.compile(r" ?(?:/|for|per|an?|for an?|for the)? ?")
_TO_AN_HOUR: Final = frozenset(["4 hr", "4hr", "4 hour", "4hour", "4 h", "4h"])
_LEAST_FOUR_HOURS: Final = 240
_LIST_GAP: Final = re.compile(r"[\s/|,&-]*")
_WIDEST_LIST_GAP: Final = 4  # characters
_SHORTEST_LISTS: Final = 4  # tokens: two times and two amounts
_SHORT: Final = 6  # characters: a time that ends in a full stop and is so short is an abbreviation
_PARTED, _NEXT_LINE, _NEXT_SENTENCE, _AGAINST = 6, 8, 14, 1  # strain, in units of four characters
_ALONE: Final = {"amount": 30, "bare": 12, "time": 10}

Pairs = dict[int, int]


def pair_tokens(text: str, tokens: list[Token]) -> Pairs:
    """Return amount -> time by position in `tokens`, for amounts whose time stands beside them."""
    order = [at for at, token in enumerate(tokens) if token.kind != "setting"]
    pairs = _zip_lists(text, tokens, order)
    times = set(pairs.values())
    rest = [at for at in order if at not in pairs and at not in times]
    return pairs | _match_neighbours(text, tokens, rest)


def minutes_of(amount: Token, time: Token) -> int:
    """Return the minutes of a pair; `150 roses 4 hr` is for an hour, since nobody asks so little for four."""
    assert amount.price is not None
    if time.text in _TO_AN_HOUR and amount.start < time.start and amount.price.amount < _LEAST_FOUR_HOURS:
        return 60
    return time.minutes


def _zip_lists(text: str, tokens: list[Token], order: list[int]) -> Pairs:
    """Return the pairs of lists that stand side by side: `hh/hr 80/120`, a line of times over a line of prices."""
    pairs: Pairs = {}
    if len(order) < _SHORTEST_LISTS:
        return pairs
    for left, right in pairwise(_group_lists(text, tokens, order)):
        is_pair = len(left) == len(right) > 1 and tokens[left[0]].is_money != tokens[right[0]].is_money
        if is_pair and left[0] not in pairs and left[0] not in pairs.values():
            if _strain(text, tokens[left[-1]], tokens[right[0]], leads=True) is None:
                continue
            amounts, times = (left, right) if tokens[left[0]].is_money else (right, left)
            pairs |= dict(zip(amounts, times, strict=True))
    return pairs


def _group_lists(text: str, tokens: list[Token], order: list[int]) -> list[list[int]]:
    """Return the positions in `order` in groups, those of one list together."""
    groups = [order[:1]]
    for last, at in pairwise(order):
        if _are_listed(text, tokens[last], tokens[at]):
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _are_listed(text: str, left: Token, right: Token) -> bool:
    return (
        right.start - left.end <= _WIDEST_LIST_GAP
        and left.is_money is right.is_money
        and _LIST_GAP.fullmatch(text, left.end, right.start) is not None
    )


def _match_neighbours(text: str, tokens: list[Token], order: list[int]) -> Pairs:
    """Return the matching of neighbours in `order` with the least strain, each token used once or left alone."""
    choices: list[bool] = []  # whether the best matching up to here ends with a pair
    leads = _does_time_lead(tokens, order)
    before = cost = 0  # of the best matching up to the last token but one, and to the last
    last: Token | None = None
    for token in map(tokens.__getitem__, order):
        alone = cost + _ALONE[token.kind]
        strain = _strain(text, last, token, leads) if last else None
        paired = alone if strain is None else before + strain
        choices.append(paired < alone)
        before, cost = cost, min(alone, paired)
        last = token
    pairs: Pairs = {}
    index = len(order) - 1
    while index > 0:
        if choices[index]:
            left, right = order[index - 1], order[index]
            amount, time = (left, right) if tokens[left].is_money else (right, left)
            pairs[amount] = time
        index -= 2 if choices[index] else 1
    return pairs


def _does_time_lead(tokens: list[Token], order: list[int]) -> bool:
    """Return whether this advert writes times before amounts; a stray number before a counted time tells nothing."""
    first = next((tokens[at] for at in order if tokens[at].kind != "bare"), None)
    if first is None or not order:
        return False
    return first.kind == "time" and (tokens[order[0]].kind == "time" or first.text[0].isdigit())


def _strain(text: str, left: Token, right: Token, leads: bool) -> int | None:
    """Return how far two neighbours are from being a pair, None when they can't be one."""
    is_amount_first = left.price is not None
    if is_amount_first is (right.price is not None) or right.start - left.end > _NEAR:
        return None
    amount, time = (left, right) if is_amount_first else (right, left)
    assert amount.price is not None
    if amount.price.amount * 60 < _LEAST_AN_HOUR * minutes_of(amount, time):
        return None
    gap = text[left.end : right.start]
    if not is_amount_first and gap[:1] == "." and (len(time.text) < _SHORT or gap[:2] == ".."):
        gap = gap.lstrip(".")  # `1 hr. £120`, `1 hour ... £120`
    if is_amount_first and gap == ". " and time.text[0].isdigit():
        return _NEXT_SENTENCE  # `£120. 1 hour.`
    strain = _weigh_gap(gap, time.is_weak, amount.kind == "bare", is_amount_first)
    return None if strain is None else strain + _AGAINST * (leads == is_amount_first)


@lru_cache(maxsize=8_192)
def _weigh_gap(gap: str, is_weak: bool, is_bare: bool, is_amount_first: bool) -> int | None:
    """Return the strain of what stands between an amount and its time, whichever is first; None when it parts them."""
    if _BREAK.search(gap) or (is_weak and not _TIGHT.fullmatch(gap)):
        return None
    if is_bare and not (_BARE_GAP.fullmatch(gap) or (not is_amount_first and _SAID.fullmatch(gap))):
        return None
    if is_amount_first and _LINKING.fullmatch(gap):
        return 0
    return len(gap) // 4 + _PARTED * bool(_PARTING.search(gap)) + _NEXT_LINE * ("\n" in gap)
