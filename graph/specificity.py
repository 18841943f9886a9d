"""Specificity: how much sharing a value says, from who else shares it; and which values are hubs.

1 for a value of one persona, falling with the number of names that use it, 0 for a hub. A hub is seen, listed, and
joins nobody.
"""

from collections.abc import Iterable
from typing import Final

import pyarrow as pa

from graph.company import MOST_ADVERTS, MOST_NAMES, STRANGERS_FROM, build_company
from graph.workspace import Workspace, build_strings

_MOSTLY: Final = 0.5  # such users for each of its adverts, and ...
_APART, _OWNING = 0.75, 0.3
"""... towns for each of them, that make a contact a directory's line, where this share shows a contact of its own; a
town for each where fewer do. Tuned on free markets of 400 to 10,000 adverts, with and without names."""

_KNOWN: Final = pa.schema(
    {
        **dict.fromkeys(("kind", "value", "hub"), pa.string()),
        **dict.fromkeys(("adverts", "names", "sites", "towns"), pa.int64()),
    }
)
"""Hubs that a whole linking found: on the nights after it their adverts are not all there to tell."""

_VALUE: Final = """
CREATE TABLE value AS
WITH counted AS (
    SELECT
        holding.kind, holding.value,
        count(*) AS adverts,
        count(DISTINCT nullif(advert.name, '')) AS names,
        count(DISTINCT advert.site) AS sites
    FROM holding JOIN advert USING (n)
    GROUP BY holding.kind, holding.value
),
towns AS (
    SELECT holding.kind, holding.value, count(DISTINCT spot.place) AS towns
    FROM holding JOIN spot USING (n) WHERE spot.is_town GROUP BY holding.kind, holding.value
),
classes AS (
    SELECT kind, value, max(attrs ->> '$.class') AS class FROM mentions WHERE kind = 'phone' GROUP BY kind, value
)
SELECT
    (row_number() OVER (ORDER BY kind, value) - 1)::INTEGER AS v,
    kind, value,
    coalesce(known_hub.adverts, counted.adverts) AS adverts,
    coalesce(known_hub.names, counted.names) AS names,
    coalesce(known_hub.sites, counted.sites) AS sites,
    coalesce(known_hub.towns, towns.towns, 0) AS towns,
    coalesce(classes.class, '') AS class,
    known_hub.hub AS known_hub
FROM counted
LEFT JOIN towns USING (kind, value) LEFT JOIN classes USING (kind, value) LEFT JOIN known_hub USING (kind, value)
"""

_HELD: Final = """
CREATE TABLE held AS
SELECT holding.n, value.v, holding.kind, advert.name, holding.first_seen, holding.last_seen
FROM holding JOIN value USING (kind, value) JOIN advert USING (n)
"""

_SPECIFICITY: Final = """
CREATE TABLE specificity AS
WITH ruled AS (
    SELECT
        value.v, value.kind, value.value, value.adverts, value.names, value.sites, value.towns, value.class,
        CASE
            WHEN value.known_hub IS NOT NULL THEN value.known_hub
            WHEN value.value IN (SELECT value FROM hub_decisions) THEN 'an analyst ruled it a hub'
            WHEN value.kind = 'template' THEN NULL
            WHEN value.names > $most_names AND coalesce(company.with_text, 0) < 0.5 * value.adverts
                THEN 'more names than one operation plausibly runs'
            WHEN value.adverts > $most_adverts THEN 'in more adverts than one operation plausibly runs'
            WHEN value.class IN ('non_geographic', 'premium') AND value.names > 2 THEN 'a service number'
            WHEN company.with_own >= 0.4 * value.names AND coalesce(company.with_text, 0) < 0.5 * value.adverts
                OR company.with_own >= 0.15 * value.names
                AND greatest(coalesce(company.with_text, 0), coalesce(company.with_more, 0)) < 0.5 * value.adverts
                THEN 'its users each have a contact of their own and nothing else in common'
            WHEN strangers.parties > $most_names
                THEN 'more users with nothing else in common than one operation plausibly has'
            WHEN strangers.parties >= $strangers_from AND strangers.parties >= $mostly * value.adverts
                AND value.towns >= strangers.parties
                    * CASE WHEN strangers.with_own >= $owning * value.adverts THEN $apart ELSE 1 END
                THEN 'its users are each in a town of their own and have nothing else in common'
        END AS hub
    FROM value LEFT JOIN company USING (v) LEFT JOIN strangers USING (v)
)
SELECT
    ruled.*,
    CASE
        WHEN hub IS NOT NULL THEN 0.0
        ELSE round(
            (1 - ln(greatest(names, 1)) / ln(100))
            * CASE class WHEN 'landline' THEN 0.7 WHEN 'non_geographic' THEN 0.4 WHEN 'premium' THEN 0.4 ELSE 1.0 END,
            3
        )
    END AS specificity
FROM ruled
"""


def build_specificity(work: Workspace, hub_values: Iterable[str]) -> None:
    """Add `value` (each identifier and who shares it), `held` (who shows it) and `specificity`."""
    work.add("hub_decisions", build_strings(("value",), ((value,) for value in sorted(hub_values))))
    work.add("known_hub", work.market.get("hub", _KNOWN.empty_table()))
    work.run(_VALUE)
    work.run(_HELD)
    build_company(work)
    work.run(
        _SPECIFICITY,
        {
            "most_adverts": MOST_ADVERTS, "most_names": MOST_NAMES, "strangers_from": STRANGERS_FROM,
            "mostly": _MOSTLY, "apart": _APART, "owning": _OWNING,
        },
    )  # fmt: skip
