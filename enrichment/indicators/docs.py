"""The page docs/indicators.md, made from the packs."""

from collections.abc import Iterator
from typing import Final

from enrichment.indicators.catalogue import Indicator, Wording, load_indicators

_HEAD: Final = """# Indicators

Made from `enrichment/packs/` by `make docs`.

An indicator is a documented sign, not evidence of an offence. Tier A is structural and found on networks, B is in the
advert's own words, C is context with weight 0. No single indicator raises an alert.
"""


_FINDINGS: Final = {
    "phone_disguise": "a telephone number that was found disguised",
    "hourly_price": "a price for one hour in GBP below {below:.0f}",
}


def render_docs() -> str:
    """Return the whole page."""
    return "\n".join([_HEAD, *map(_render, load_indicators())])


def _render(indicator: Indicator) -> str:
    rate = "not measured" if indicator.base_rate is None else f"{indicator.base_rate:.1%}"
    counter = ", counter-indicator" if indicator.counter else ""
    rows = [
        f"## {indicator.id}\n",
        f"{indicator.label}. Tier {indicator.tier}{counter}.\n",
        f"- Evidence: {indicator.grade}. Source: {indicator.source}.",
        f"- Published base rate: {rate}.",
        *(row for wording in indicator.wordings for row in _render_wording(wording)),
    ]
    return "\n".join(rows) + "\n"


def _render_wording(wording: Wording) -> Iterator[str]:
    entry = wording.entry
    if entry.finding:
        yield f"- Found by: {_FINDINGS[entry.finding].format(below=entry.below or 0)}."
        return
    where = {"advert": "", "reviews": " (in reviews)", "everywhere": " (in reviews too)"}[entry.where]
    yield f"- Found by, {wording.language}{where}: {_list(entry.patterns)}."
    if entry.unless:
        yield f"- Unless, {wording.language}: {_list(entry.unless)}."


def _list(patterns: tuple[str, ...]) -> str:
    return ", ".join(f"`{pattern}`" for pattern in patterns)
