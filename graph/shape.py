"""The graph's own shape, for each site and run, and an alarm where it broke: no label is needed to see that.

A spider that lost a field, or an extractor that reads numbers into prices, shows in the share of adverts without any
identifier, in names per phone and identifiers per persona, or in one network that swallows the market, before an
analyst reads nonsense. Figures are whole numbers, per thousand, so that they stand among a run's counts.
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final, NamedTuple

from graph.workspace import Workspace

_FEWEST: Final = 30  # adverts of a site, for its shape to say anything
_PREFIX: Final = "shape/"
_MARKET: Final = "market"


class _Measure(NamedTuple):
    """One figure: in words, and when a change of it is an alarm."""

    words: str
    factor: float  # how many times as large or as small as usual
    least: int  # how far it must move at least


_MEASURES: Final = {
    "without_identifier": _Measure("adverts in 1,000 without an identifier", 1.5, 100),
    "names_per_phone": _Measure("names for 1,000 numbers", 1.5, 300),
    "identifiers_per_persona": _Measure("identifiers for 1,000 personas", 1.5, 300),
    "largest": _Measure("adverts in the largest network", 2.0, 40),
}

_SITES: Final = """
WITH identified AS (
    SELECT n, count(*) AS identifiers FROM held
    WHERE kind IN ('phone', 'email', 'handle', 'url', 'wallet', 'account') GROUP BY n
),
phones AS (
    SELECT advert.site, held.v, count(DISTINCT advert.name) AS names
    FROM held JOIN advert USING (n) JOIN specificity USING (v)
    WHERE held.kind = 'phone' AND advert.name <> '' AND specificity.hub IS NULL
    GROUP BY advert.site, held.v
),
named AS (SELECT site, avg(names) AS names FROM phones GROUP BY site),
personas AS (
    SELECT advert.site, count(DISTINCT persona.p) AS personas, count(DISTINCT (persona.p, held.v)) AS values
    FROM advert JOIN persona USING (n) LEFT JOIN held ON held.n = advert.n AND held.kind NOT IN ('template', 'image')
    GROUP BY advert.site
)
SELECT
    advert.site,
    round(1000 * avg((identified.n IS NULL)::INTEGER))::INTEGER,
    round(1000 * coalesce(any_value(named.names), 0))::INTEGER,
    round(1000 * any_value(personas.values) / any_value(personas.personas))::INTEGER
FROM advert
LEFT JOIN identified USING (n)
LEFT JOIN named ON named.site = advert.site
JOIN personas ON personas.site = advert.site
GROUP BY advert.site HAVING count(*) >= $fewest
ORDER BY advert.site
"""


def measure_shape(work: Workspace, largest: int) -> dict[str, int]:
    """Return the figures as counts of the run, `shape/SITE/MEASURE`; `largest` is the size of the largest network."""
    shape = {f"{_PREFIX}{_MARKET}/largest": largest}
    names = list(_MEASURES)[:3]
    for site, *figures in work.rows(_SITES, {"fewest": _FEWEST}):
        shape.update({f"{_PREFIX}{site}/{name}": figure for name, figure in zip(names, figures, strict=True)})
    return shape


def find_alarms(now: Mapping[str, int], before: Sequence[Mapping[str, int]]) -> list[str]:
    """Return a sentence for each figure that left what the runs before made usual; none without a run before."""
    alarms: list[str] = []
    for key, figure in sorted(now.items()):
        seen = [counts[key] for counts in before if key in counts]
        if not key.startswith(_PREFIX) or not seen:
            continue
        site, name = key.removeprefix(_PREFIX).rsplit("/", 1)
        usual, measure = median(seen), _MEASURES[name]
        if abs(figure - usual) >= measure.least and not usual / measure.factor <= figure <= usual * measure.factor:
            where = "the whole market" if site == _MARKET else f"the site {site}"
            alarms.append(
                f"{where.capitalize()}: {figure:,} {measure.words}, usually {usual:,.0f}. "
                "Look at its crawl and at what was extracted before you trust new networks."
            )
    return alarms
