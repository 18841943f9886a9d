"""The indicators in force: those of the shipped packs, with a force's own over them."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from adverts.errors import StopRun
from adverts.model import Tier
from enrichment.indicators.pack import Entry, Grade, Pack, load_pack

SHIPPED: Final = Path(__file__).resolve().parents[1] / "packs"


class Grammar(NamedTuple):
    """The words of one language that decide what its patterns mean."""

    negations: frozenset[str] = frozenset()
    clauses: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


class Wording(NamedTuple):
    """How one indicator is worded in one language."""

    language: str
    grammar: Grammar
    entry: Entry


class Indicator(NamedTuple):
    """One documented sign: what is known of it, and its wordings by language."""

    id: str
    label: str
    tier: Tier
    grade: Grade
    source: str
    base_rate: float | None
    counter: bool
    wordings: tuple[Wording, ...]


def load_indicators(folder: Path | None = None) -> tuple[Indicator, ...]:
    """Return the indicators in force, in the order of the packs; StopRun (2) says what is wrong in a pack.

    An entry of the force's own folder takes the place of the shipped one with its id and language, or is added.
    """
    shipped, own = _load_folder(SHIPPED), _load_folder(folder) if folder else []
    entries = {**_by_key(SHIPPED, shipped), **_by_key(folder, own)}
    grammars = _read_grammars([*shipped, *own])
    everything = (entry for pack in (*shipped, *own) for entry in pack.indicators)
    stated = {entry.id: entry for entry in everything if entry.states_indicator}
    unknown = sorted({name for _, name in entries} - stated.keys())
    if unknown:
        raise StopRun(
            f"No indicator pack says what {unknown[0]} is: give it a label, a tier, a grade and a source in one "
            "language. See docs/adding-an-indicator.md.", 2,
        )  # fmt: skip
    return tuple(
        Indicator(
            name, entry.label, entry.tier or "C", entry.grade or "untested", entry.source, entry.base_rate,
            entry.counter,
            tuple(
                Wording(language, grammars[language], each)
                for (language, other), each in entries.items()
                if other == name and not each.off
            ),
        )
        for name, entry in stated.items()
    )  # fmt: skip


def hash_packs(folder: Path | None = None) -> str:
    """Return a hash of the packs and of the code that reads them."""
    digest = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *_iter_paths(SHIPPED), *_iter_paths(folder)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _load_folder(folder: Path) -> list[Pack]:
    return [load_pack(path) for path in _iter_paths(folder)]


def _iter_paths(folder: Path | None) -> Iterator[Path]:
    if folder is None:
        return
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise StopRun(f"There is no indicator pack (*.yaml) in {folder}. ASW_PACKS or --packs names the folder.", 2)
    yield from paths


def _by_key(folder: Path | None, packs: list[Pack]) -> dict[tuple[str, str], Entry]:
    """Return the entries by language and id, of which one folder holds each once."""
    found: dict[tuple[str, str], Entry] = {}
    for pack in packs:
        for entry in pack.indicators:
            if (pack.language, entry.id) in found:
                raise StopRun(
                    f"Two packs in {folder} have {entry.id} in the language {pack.language}; keep one of them.", 2
                )
            found[pack.language, entry.id] = entry
    return found


def _read_grammars(packs: list[Pack]) -> dict[str, Grammar]:
    """Return each language's words, of all the packs in it."""
    grammars: dict[str, Grammar] = {}
    for pack in packs:
        before = grammars.get(pack.language, Grammar())
        grammars[pack.language] = Grammar(
            before.negations | set(pack.negations), before.clauses | set(pack.clauses),
            before.numbers | set(pack.numbers),
        )  # fmt: skip
    return grammars
