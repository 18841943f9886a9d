"""Triage: which networks to read first, by stated rules on documented signs, never by a learned score.

An alert needs signs of two kinds of fact, one of them structural (tier A), and no counter-sign. A number and an account
under many names are one kind: one switchboard or one house shows both. Protected characteristics are no sign. A sign is
not evidence of an offence.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import pyarrow as pa

from adverts.model import Json
from graph.rulings import Rulings
from graph.workspace import KM_ACROSS, Workspace

NOTE: Final = "Indicators are not evidence of an offence. Safeguarding comes first."

COUNTER_SIGNS: Final = ("declared_duo", "declared_agency")
"""Indicators that speak for a lawful explanation when a third of a network's adverts show them."""

OPEN_HOUSE: Final = "open_house"
"""The counter-sign of a network's shape: one place, one contact or account behind nearly all, no number in turn."""

_OUTGROWN: Final = 2  # times the adverts that a network had when it was dismissed: it is another one now
_COMMON: Final = 1 / 3  # share of a network's adverts from which something is said of the network


class Sign(NamedTuple):
    """A structural sign: a query that gives `(network, detail)` for the networks that show it.

    `fact` is the kind of fact that it rests on: two signs are independent when they rest on different kinds.
    """

    name: str
    fact: Literal["sharing", "wording", "rotation"]
    sql: str


STRUCTURAL: Final[tuple[Sign, ...]] = (
    Sign(
        "one_number_many_personas",
        "sharing",
        """
        SELECT network, max(names) || ' names on one number' FROM (
            SELECT network, v, count(DISTINCT held.name) AS names
            FROM held JOIN placed USING (n) JOIN specificity USING (v)
            WHERE held.kind = 'phone' AND held.name <> '' AND specificity.specificity > 0
            GROUP BY network, v HAVING count(DISTINCT held.name) >= 3
        ) GROUP BY network
        """,
    ),
    Sign(
        "one_address_many_personas",
        "sharing",
        """
        SELECT network, max(names) || ' names on one e-mail, handle, wallet or account' FROM (
            SELECT network, v, count(DISTINCT held.name) AS names
            FROM held JOIN placed USING (n) JOIN specificity USING (v)
            WHERE held.kind IN ('email', 'handle', 'wallet', 'account') AND held.name <> ''
                AND specificity.specificity > 0
            GROUP BY network, v HAVING count(DISTINCT held.name) >= 3
        ) GROUP BY network
        """,
    ),
    Sign(
        "one_text_many_forces",
        "wording",
        """
        SELECT network, 'one text under ' || max(names) || ' names in ' || max(forces) || ' force areas' FROM (
            SELECT network, v, count(DISTINCT area) AS forces, count(DISTINCT held.name) AS names
            FROM held JOIN placed USING (n) JOIN specificity USING (v) JOIN territory USING (n)
            WHERE held.kind = 'template' AND held.name <> '' AND specificity.specificity > 0
            GROUP BY network, v HAVING count(DISTINCT area) >= 2 AND count(DISTINCT held.name) >= 2
        ) GROUP BY network
        """,
    ),
    Sign(
        "phones_in_turn",
        "rotation",
        """
        SELECT network, max(phones) || ' numbers in turn for one persona' FROM (
            SELECT network, persona, count(DISTINCT v) AS phones
            FROM held JOIN placed USING (n) JOIN specificity USING (v)
            WHERE held.kind = 'phone' AND specificity.specificity > 0
            GROUP BY network, persona HAVING count(DISTINCT v) >= 3
        ) GROUP BY network
        """,
    ),
)
"""The structural signs, each with the kind of fact that it rests on."""

# A house that hides nothing: every place its adverts name lies in one town, and nine in ten show one contact or account
# that is shown in no other town. A hub counts too: a large agency's switchboard is one. Where a hub of the market is
# shown was measured with it.
_OPEN_HOUSES: Final = f"""
WITH sizes AS (SELECT network, count(*) AS size FROM placed GROUP BY network),
contact AS (SELECT n, v FROM held WHERE kind NOT IN ('template', 'image')),
one_town AS (SELECT network FROM placed JOIN spot USING (n) GROUP BY network HAVING {KM_ACROSS} < 15),
local AS (
    SELECT v FROM contact JOIN spot USING (n) JOIN value USING (v) WHERE known_hub IS NULL
    GROUP BY v HAVING {KM_ACROSS} < 15
    UNION ALL
    SELECT v FROM value JOIN local_hub USING (kind, value) WHERE known_hub IS NOT NULL
),
shares AS (SELECT network, v, count(*) AS adverts FROM contact JOIN placed USING (n) GROUP BY network, v)
SELECT DISTINCT network
FROM shares JOIN sizes USING (network) JOIN one_town USING (network) JOIN local USING (v)
WHERE shares.adverts >= 0.9 * size
"""  # noqa: S608 -- fixed parts

_LOCAL_HUBS: Final = f"""
SELECT specificity.kind, specificity.value
FROM specificity JOIN held USING (v) JOIN spot USING (n)
WHERE specificity.hub IS NOT NULL AND specificity.kind NOT IN ('template', 'image')
GROUP BY specificity.kind, specificity.value HAVING {KM_ACROSS} < 15
"""  # noqa: S608 -- fixed parts

_RATES: Final = """
SELECT indicator, count(DISTINCT advert) / (SELECT count(*) FROM advert) AS rate FROM indicators GROUP BY indicator
"""

_IN_ADVERTS: Final = """
WITH sizes AS (SELECT network, count(*) AS size FROM placed GROUP BY network)
SELECT
    placed.network, indicators.indicator, any_value(indicators.tier),
    count(DISTINCT indicators.advert) AS adverts,
    count(DISTINCT indicators.advert) / any_value(sizes.size),
    coalesce(any_value(indicator_rate.rate), 0)
FROM indicators
JOIN advert ON advert.id = indicators.advert
JOIN placed USING (n)
LEFT JOIN indicator_rate ON indicator_rate.indicator = indicators.indicator
JOIN sizes ON sizes.network = placed.network
GROUP BY placed.network, indicators.indicator
ORDER BY placed.network, adverts DESC, indicators.indicator
"""

_SIZES: Final = "SELECT network, count(*) FROM placed GROUP BY network"


class Triage(NamedTuple):
    """What speaks for and against reading a network first; every base rate is measured on the data at hand."""

    level: str = "none"
    indicators: tuple[Json, ...] = ()
    counter: tuple[str, ...] = ()
    outgrown: int = 0  # adverts that it had when it was dismissed, where that dismissal holds no more

    def to_json(self) -> Json:
        """Return the public form: level, signs for each tier, counter-signs, the rule's own caution."""
        signs = {tier: [sign["indicator"] for sign in self.indicators if sign["tier"] == tier] for tier in "AB"}
        outgrown = {"outgrown": self.outgrown} if self.outgrown else {}
        return {"level": self.level, "signs": signs, "counter": list(self.counter), "note": NOTE, **outgrown}


def build_triages(work: Workspace, rulings: Rulings) -> dict[str, Triage]:
    """Return the triage of each network that shows any sign or was ruled on."""
    sizes: dict[str, int] = dict(work.rows(_SIZES))
    work.measure("indicator_rate", _RATES)
    shown = _find_structural(work, sizes)
    for network, indicator, tier, adverts, share, base_rate in work.rows(_IN_ADVERTS):
        shown[network].append(_describe(indicator, tier, adverts, share, base_rate))
    work.measure("local_hub", _LOCAL_HUBS)
    houses = {network for (network,) in work.rows(_OPEN_HOUSES)}
    triages = {network: _judge(signs, network in houses) for network, signs in shown.items()}
    for network, ruling in rulings.networks.items():
        triage = triages.get(network, Triage())
        if ruling.decision == "confirm":
            triages[network] = triage._replace(level="confirmed")
        elif ruling.size and sizes.get(network, 0) > _OUTGROWN * ruling.size:
            triages[network] = triage._replace(outgrown=ruling.size)
        else:
            triages[network] = triage._replace(level="dismissed")
    return triages


def _find_structural(work: Workspace, sizes: Mapping[str, int]) -> defaultdict[str, list[Json]]:
    shown: defaultdict[str, list[Json]] = defaultdict(list)
    found = {sign.name: sorted(work.rows(sign.sql)) for sign in STRUCTURAL}
    rates = _measure_rates(work, {name: sum(sizes[network] for network, _ in rows) for name, rows in found.items()})
    for name, rows in found.items():
        for network, detail in rows:
            shown[network].append({**_describe(name, "A", sizes[network], 1.0, rates[name]), "detail": detail})
    return shown


def _measure_rates(work: Workspace, adverts: Mapping[str, int]) -> dict[str, float]:
    """Add `sign_rate`, the share of the market's adverts in networks that show each structural sign; return it."""
    work.add_measured("sign_rate", lambda: _share(work, adverts))
    return dict(work.rows("SELECT sign, rate FROM sign_rate"))


def _share(work: Workspace, adverts: Mapping[str, int]) -> pa.Table:
    total = int(work.rows("SELECT count(*) FROM advert")[0][0])
    shares = [count / total if total else 0.0 for count in adverts.values()]
    return pa.table({"sign": pa.array(adverts, pa.string()), "rate": pa.array(shares, pa.float64())})


def _describe(indicator: str, tier: str, adverts: int, share: float, base_rate: float) -> dict[str, Any]:
    return {
        "indicator": indicator,
        "tier": tier,
        "adverts": adverts,
        "share": round(share, 3),
        "base_rate": float(f"{base_rate:.2g}"),  # steadier than the market, which moves every night
    }


def _judge(signs: Sequence[Json], house: bool) -> Triage:
    """Return the level that the stated rule gives: `alert`, `review` or `none`."""
    counter = [sign["indicator"] for sign in signs if sign["indicator"] in COUNTER_SIGNS and sign["share"] >= _COMMON]
    facts = {sign.fact for sign in STRUCTURAL for shown in signs if shown["indicator"] == sign.name}
    if house and facts <= {"sharing"}:
        counter.append(OPEN_HOUSE)
    in_adverts = any(
        sign["tier"] == "B"
        and sign["share"] >= max(_COMMON, sign["base_rate"])
        and sign["indicator"] not in COUNTER_SIGNS
        for sign in signs
    )
    level = "none"
    if facts:
        level = "alert" if len(facts) + in_adverts >= 2 and not counter else "review"
    return Triage(level, tuple(signs), tuple(counter))
