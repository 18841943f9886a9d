"""Indicator packs: YAML files, one a language, validated when they are loaded."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec
import yaml

from adverts.errors import StopRun
from adverts.model import Tier
from enrichment.patterns import expand_pattern

PACKS: Final = Path(__file__).resolve().parents[1] / "packs"


class Indicator(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One documented sign.

    `patterns` are phrases; `a|b` in place of a word means either, `()` as one of them means none. `unless` are longer
    phrases in which the pattern means something else. `source_of` names an extractor's finding that is the sign itself,
    for signs that no phrase can state. `base_rate` is the published share of adverts, null where nobody measured it.
    """

    id: str
    label: str
    tier: Tier
    grade: Literal["supported", "contested", "contradicted", "untested"]
    source: str
    base_rate: float | None
    counter: bool = False
    source_of: Literal["", "phone_disguise"] = ""
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    must_match: tuple[str, ...] = ()
    must_not_match: tuple[str, ...] = ()


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The indicators of one language, an ISO 639 code."""

    language: str
    indicators: tuple[Indicator, ...]


def load_packs(folder: Path | None = None) -> tuple[Pack, ...]:
    """Return the shipped packs, then those of a force's own folder; StopRun (2) names a file and what is wrong."""
    return tuple(load_pack(path) for path in _iter_paths(folder))


def hash_packs(folder: Path | None = None) -> str:
    """Return a hash of the packs and of the code that reads them."""
    digest = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *_iter_paths(folder)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _iter_paths(folder: Path | None) -> Iterator[Path]:
    if folder and not folder.is_dir():
        raise StopRun(f"There is no folder of indicator packs at {folder}. ASW_PACKS names it.", 2)
    for each in (PACKS, folder):
        yield from sorted(each.glob("*.yaml")) if each else ()


def load_pack(path: Path) -> Pack:
    """Return the pack in one file, checked."""
    try:
        pack = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), Pack)
        for indicator in pack.indicators:
            _check(indicator)
    except (msgspec.ValidationError, yaml.YAMLError, ValueError) as error:
        raise StopRun(
            f"The indicator pack {path} cannot be used: {error}. See docs/adding-an-indicator.md.", 2
        ) from error
    return pack


def _check(indicator: Indicator) -> None:
    if bool(indicator.patterns) == bool(indicator.source_of):
        raise ValueError(f"{indicator.id} needs either patterns or source_of")
    if indicator.patterns and not (indicator.must_match and indicator.must_not_match):
        raise ValueError(f"{indicator.id} needs examples under must_match and must_not_match")
    for pattern in (*indicator.patterns, *indicator.unless):
        expand_pattern(pattern)
