"""Indicator packs: YAML files, each of one language, validated when they are loaded."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec
import yaml

from adverts.errors import StopRun
from adverts.model import Tier
from enrichment.indicators.pattern import parse_pattern

Grade = Literal["supported", "contested", "contradicted", "untested"]
Where = Literal["advert", "reviews", "everywhere"]
Finding = Literal["phone_disguise", "hourly_price"]

_BOOL: Final = "tag:yaml.org,2002:bool"


class _Loader(yaml.CSafeLoader):
    """YAML in which `no` is the word, not false: it is the commonest negation. Only true and false are such."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag != _BOOL]
    for first, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile("true|false"), list("tf"))


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what is written in a pack: an unknown key is a mistake."""


class Entry(Form, frozen=True):
    """One indicator in one language, as a pack states it.

    The indicator itself (`label`, `tier`, `grade`, `source`) is stated once, by the pack of any language; the others
    give wordings alone. `base_rate` is the published share of adverts, null where nobody measured it. `unless` are
    longer patterns in which a pattern means something else. `finding` names what a mention must be to be the sign
    itself, for signs that no wording states: a disguised number, or an hour's price `below` so many pounds.
    """

    id: str
    label: str = ""
    tier: Tier | None = None
    grade: Grade | None = None
    source: str = ""
    base_rate: float | None = None
    counter: bool = False
    off: bool = False
    where: Where = "advert"
    finding: Finding | None = None
    below: float | None = None
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()

    @property
    def states_indicator(self) -> bool:
        """Return whether this entry says what the indicator is, not only how it is worded."""
        return bool(self.tier)


class Pack(Form, frozen=True):
    """The entries of one language (an ISO 639 code) and the words that decide what its patterns mean.

    `negations` cancel what follows them within a few words; `clauses` begin a new clause, across which none reaches;
    `numbers` are the words, beside digits, that `#` stands for.
    """

    language: str
    negations: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    indicators: tuple[Entry, ...] = ()


def load_pack(path: Path) -> Pack:
    """Return the pack in one file, checked; StopRun (2) says what is wrong in which file."""
    try:
        pack = msgspec.convert(yaml.load(path.read_text(encoding="utf-8"), _Loader), Pack)  # noqa: S506 -- it is safe
        fault = next(_iter_faults(pack), None)
    except (msgspec.ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        fault = " ".join(str(error).split())
    if fault:
        raise StopRun(f"The indicator pack {path} cannot be used: {fault}. See docs/adding-an-indicator.md.", 2)
    return pack


def _iter_faults(pack: Pack) -> Iterator[str]:
    for name, count in Counter(entry.id for entry in pack.indicators).items():
        if count > 1:
            yield f"{name} is there {count} times; put its patterns into one entry"
    for entry in pack.indicators:
        yield from (f"{entry.id}: {fault}" for fault in _iter_entry_faults(entry))


def _iter_entry_faults(entry: Entry) -> Iterator[str]:
    if entry.states_indicator != bool(entry.label and entry.grade and entry.source):
        yield "label, tier, grade and source belong together: state all of them, or none for a wording alone"
    if entry.off:
        return
    if bool(entry.patterns) == bool(entry.finding):
        yield "it needs either patterns or a finding"
    if bool(entry.below) != (entry.finding == "hourly_price"):
        yield "below goes with the finding hourly_price, and that with below"
    if entry.patterns and not (entry.must_match and entry.must_not_match):
        yield "it needs examples under must_match and must_not_match"
    for pattern in (*entry.patterns, *entry.unless):
        try:
            parse_pattern(pattern)
        except ValueError as error:
            yield str(error)
