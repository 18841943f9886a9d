"""The rules that find values and signs: each extractor in words, each indicator with its evidence and its wording."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from console.web.reading import Rate, read_base_rates
from console.web.render import Page, get_console, render_page
from enrichment.indicators.catalogue import Indicator, load_indicators


class Wording(msgspec.Struct, frozen=True):
    """How an indicator is worded in one language: any of `patterns`, unless it stands in one of `unless`."""

    language: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...]


class IndicatorRule(msgspec.Struct, frozen=True, kw_only=True):
    """One documented sign: what is known of it, how common it is here, and every wording of it."""

    id: str
    label: str
    tier: str
    grade: str
    source: str
    is_counter: bool
    published_rate: float | None
    rate: Rate
    wordings: list[Wording]


class RulesPage(Page, frozen=True, kw_only=True):
    """The indicators in force; the extractors stand in the page's own text."""

    indicators: list[IndicatorRule]


def show_rules(request: Request) -> Response:
    """Answer `/rules`: what finds each value and sign, so that nobody has to trust a highlight."""
    console = get_console(request)
    known = load_indicators(console.settings.packs)
    with console.store.connect() as connection:
        rates = read_base_rates(connection, [each.id for each in known])
    page = RulesPage(title="Rules", indicators=[_build_rule(each, rates[each.id]) for each in known])
    return render_page(request, "rules.html", page)


def _build_rule(indicator: Indicator, rate: Rate) -> IndicatorRule:
    return IndicatorRule(
        id=indicator.id, label=indicator.label, tier=indicator.tier, grade=indicator.grade, source=indicator.source,
        is_counter=indicator.counter, published_rate=indicator.base_rate, rate=rate,
        wordings=[
            Wording(each.language, each.entry.patterns, each.entry.unless)
            for each in indicator.wordings if each.entry.patterns
        ],
    )  # fmt: skip
