"""The page docs/indicators.md, made from the packs."""

from enrichment.indicators.pack import Indicator, load_packs

_HEAD = """# Indicators

Made from `enrichment/packs/` by `make docs`.

An indicator is a documented sign, not evidence of an offence. Tier A is structural and found on networks, B is in the
advert's own words, C is context with weight 0. No single indicator raises an alert.
"""


def render_docs() -> str:
    """Return the whole page."""
    parts = [_HEAD]
    for pack in load_packs():
        parts += [_render(indicator, pack.language) for indicator in pack.indicators]
    return "\n".join(parts)


def _render(indicator: Indicator, language: str) -> str:
    rate = "not measured" if indicator.base_rate is None else f"{indicator.base_rate:.1%}"
    found = (
        ", ".join(f"`{pattern}`" for pattern in indicator.patterns)
        or f"the extractor's own finding `{indicator.source_of}`"
    )
    counter = ", counter-indicator" if indicator.counter else ""
    unless = ", ".join(f"`{pattern}`" for pattern in indicator.unless)
    rows = [
        f"## {indicator.id}\n",
        f"{indicator.label}. Tier {indicator.tier}{counter}; language {language}.\n",
        f"- Evidence: {indicator.grade}. Source: {indicator.source}.",
        f"- Published base rate: {rate}.",
        f"- Found by: {found}.",
        *([f"- Unless: {unless}."] if unless else []),
    ]
    return "\n".join(rows) + "\n"
