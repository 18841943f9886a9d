"""The graph's own shape, for each site and run, and an alarm where it broke: no label is needed to see that.

A spider that lost a field, or an extractor that reads numbers into prices, shows in the share of adverts without any
identifier, in names per phone and identifiers per persona, or in one network that swallows the market, before an
analyst reads nonsense. Figures are whole numbers, per thousand, so that they stand among a run's counts.
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from graph.components import Numbers
from graph.workspace import Workspace

_FEWEST: Final = 30  # adverts of a site, for its shape to say anything
_PREFIX: Final = "shape/"
_MARKET: Final = "market"
LARGEST: Final = f"{_PREFIX}{_MARKET}/largest"
"""The count of a run that holds the size of the largest network."""


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

# For each part of the market and each site what its figures are made of. Nothing of one part is shared with another: a
# number that is no hub, and a persona, are of one.
_SUMS: Final = """
WITH identified AS (
    SELECT DISTINCT n FROM held WHERE kind IN ('phone', 'email', 'handle', 'url', 'wallet', 'account')
),
phones AS (
    SELECT part.part, advert.site, held.v, count(DISTINCT advert.name) AS names
    FROM held JOIN advert USING (n) JOIN part USING (n) JOIN specificity USING (v)
    WHERE held.kind = 'phone' AND advert.name <> '' AND specificity.hub IS NULL
    GROUP BY part.part, advert.site, held.v
),
named AS (SELECT part, site, count(*) AS phones, sum(names) AS names FROM phones GROUP BY part, site),
personas AS (
    SELECT
        part.part, advert.site, count(DISTINCT persona.p) AS personas,
        count(DISTINCT (persona.p, held.v)) AS identifiers
    FROM advert JOIN part USING (n) JOIN persona USING (n)
    LEFT JOIN held ON held.n = advert.n AND held.kind NOT IN ('template', 'image')
    GROUP BY part.part, advert.site
),
counted AS (
    SELECT part.part, advert.site, count(*) AS adverts, count(*) - count(identified.n) AS bare
    FROM advert JOIN part USING (n) LEFT JOIN identified USING (n)
    GROUP BY part.part, advert.site
)
SELECT
    counted.part::BIGINT AS part, counted.site, adverts::BIGINT AS adverts, bare::BIGINT AS bare,
    coalesce(phones, 0)::BIGINT AS phones, coalesce(names, 0)::BIGINT AS names,
    personas::BIGINT AS personas, identifiers::BIGINT AS identifiers
FROM counted
JOIN personas ON personas.part = counted.part AND personas.site = counted.site
LEFT JOIN named ON named.part = counted.part AND named.site = counted.site
ORDER BY counted.part, counted.site
"""
_SUMMED: Final = pa.schema(
    {
        "part": pa.int64(),
        "site": pa.string(),
        **dict.fromkeys(("adverts", "bare", "phones", "names", "personas", "identifiers"), pa.int64()),
    }
)
"""The columns of these rows: of some Spark says that they hold no null, which makes another table of them."""


def sum_shape(work: Workspace, parts: Numbers) -> pa.Table:
    """Return what the figures are made of: a row for each site in each part; `parts` has the one of each advert."""
    work.add("part", pa.table({"n": np.arange(len(parts), dtype=np.int32), "part": parts.astype(np.int64)}))
    return work.table(_SUMS).cast(_SUMMED)


def measure_shape(work: Workspace, largest: int) -> dict[str, int]:
    """Return the figures as counts of the run, `shape/SITE/MEASURE`; `largest` is the size of the largest network.

    Of parts of the market that the linkables do not hold, what was kept counts.
    """
    adverts = int(work.rows("SELECT count(*) FROM advert")[0][0])
    sums = sum_shape(work, np.zeros(adverts, np.int64))
    sums = pa.concat_tables([sums, work.market["shape"]] if work.market else [sums]).drop_columns("part")
    names = sums.column_names[1:]
    sites = sums.group_by("site").aggregate([(name, "sum") for name in names])
    shape = {LARGEST: largest}
    for row in sites.select(["site", *(f"{name}_sum" for name in names)]).to_pylist():
        site, count, bare, phones, used, personas, identifiers = row.values()
        if count >= _FEWEST:
            figures = (bare / count, used / phones if phones else 0.0, identifiers / personas)
            measures = zip(list(_MEASURES)[:3], figures, strict=True)
            shape.update({f"{_PREFIX}{site}/{name}": round(1000 * figure) for name, figure in measures})
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
