"""Scoring: the reasons for and against each candidate pair, summed to a link's weight in natural log-odds."""

from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from graph.manners import build_manners
from graph.reasons import REASONS, SECOND_REASONS
from graph.reasons.reason import Reason
from graph.weights import build_agreement
from graph.workspace import Workspace

# How an advert disguises its number or address ("["letters","words"]"), where it does.
_STYLE: Final = """
CREATE TABLE style AS
SELECT advert.n, max(mentions.attrs ->> '$.disguise') AS style
FROM mentions JOIN advert ON advert.id = mentions.advert
WHERE mentions.kind IN ('phone', 'email') AND coalesce(mentions.attrs ->> '$.disguise', '[]') <> '[]'
GROUP BY advert.n
"""

# Full postcodes, each a street or a part of one, and how many circles are there: a street of flats says little.
_STREET: Final = """
SELECT place, count(DISTINCT circle) AS circles
FROM spot JOIN circle USING (n) WHERE NOT spot.is_town AND place LIKE '% %'
GROUP BY place
"""

# One row a pair with what several reasons ask for. `distance` in km is null when a place is not known;
# `apart` is the days between the two adverts' use of what they share, negative while both use it.
_FACTS: Final = """
CREATE TABLE facts AS
WITH places AS (
    SELECT pair.a, pair.b, bool_or(one.place = other.place) AS same_place,
        min(street.circles) FILTER (WHERE one.place = other.place) AS in_street, min(
        111.2 * sqrt(pow(one.lat - other.lat, 2) + pow((one.lon - other.lon) * cos(radians(one.lat)), 2))
    ) AS distance
    FROM pair JOIN spot AS one ON one.n = pair.a JOIN spot AS other ON other.n = pair.b
    LEFT JOIN street ON street.place = one.place
    GROUP BY pair.a, pair.b
),
contacts AS (
    SELECT
        a, b,
        count(*) FILTER (WHERE kind NOT IN ('template', 'image')) AS contacts,
        count(*) FILTER (WHERE kind = 'template') AS texts,
        max(date_diff('day', earlier_end, later_start)) AS apart
    FROM shared GROUP BY a, b
),
between_personas AS (
    SELECT p, q, count(*) AS in_common, bool_and(specificity.names = 2) AS only_theirs
    FROM acquainted JOIN specificity USING (v) GROUP BY p, q
)
SELECT
    pair.a, pair.b,
    one_persona.p, other_persona.p AS q,
    one.name AS name, other.name AS other_name,
    one.name <> '' AND other.name <> '' AND jaro_winkler_similarity(one.name, other.name) >= 0.94 AS same_name,
    one.name <> '' AND other.name <> '' AND jaro_winkler_similarity(one.name, other.name) < 0.94 AS other_names,
    abs(one.age - other.age) AS years_apart,
    coalesce(places.same_place, false) OR coalesce(places.distance < 15, false) AS same_town,
    NOT places.same_place AND (places.distance IS NULL OR places.distance >= 15) AS other_towns,
    places.in_street,
    one_style.style = other_style.style AS same_style,
    one_style.style,
    coalesce(one.first_seen <= other.last_seen AND other.first_seen <= one.last_seen, true) AS at_once,
    coalesce(contacts.contacts, 0) AS contacts,
    coalesce(contacts.texts, 0) AS texts,
    coalesce(contacts.apart, 0) AS apart,
    coalesce(abs(date_diff('day', one.first_seen, other.first_seen)), 0) AS starts_apart,
    coalesce(between_personas.in_common, 0) AS in_common,
    coalesce(between_personas.only_theirs, false) AS only_theirs,
    -- Of two names on a contact, an advert without one may be either's, and meets both.
    coalesce(one_company.others, 0) <= CASE WHEN one.name = '' AND other.name <> '' THEN 2 ELSE 1 END
        AND coalesce(other_company.others, 0) <= CASE WHEN other.name = '' AND one.name <> '' THEN 2 ELSE 1 END
        AS alone_together
FROM pair
JOIN advert AS one ON one.n = pair.a
JOIN advert AS other ON other.n = pair.b
JOIN persona AS one_persona ON one_persona.n = pair.a
JOIN persona AS other_persona ON other_persona.n = pair.b
LEFT JOIN style AS one_style ON one_style.n = pair.a
LEFT JOIN style AS other_style ON other_style.n = pair.b
LEFT JOIN places ON places.a = pair.a AND places.b = pair.b
LEFT JOIN contacts ON contacts.a = pair.a AND contacts.b = pair.b
LEFT JOIN between_personas ON between_personas.p = one_persona.p AND between_personas.q = other_persona.p
LEFT JOIN companions AS one_company ON one_company.p = one_persona.p
LEFT JOIN companions AS other_company ON other_company.p = other_persona.p
"""

# Numbers that somebody shows in another town, with another text, long after somebody's last advert: under one name, or
# under others.
_COMING_BACK: Final = """
SELECT
    count(*) FILTER (WHERE facts.same_name) AS one_name, count(*) FILTER (WHERE facts.other_names) AS other_names
FROM facts JOIN shared USING (a, b)
WHERE facts.contacts = 1 AND shared.kind = 'phone' AND facts.texts = 0 AND facts.apart > 180 AND facts.other_towns
"""

# What weighs nothing is no reason.
_GIVEN: Final = """
SELECT a, b, reason, weight::DOUBLE AS weight, value, specificity::DOUBLE AS specificity, detail
FROM ({}) AS given(a, b, reason, weight, value, specificity, detail) WHERE weight <> 0
"""

_LINK: Final = """
CREATE TABLE link AS
SELECT
    a, b, round(sum(weight), 3) AS weight, 1 / (1 + exp(-round(sum(weight), 3))) AS probability, count(*) AS reasons
FROM reason GROUP BY a, b HAVING round(sum(weight), 3) > 0
"""


def build_links(work: Workspace, adverts: pa.Table) -> None:
    """Add `reason` (one row a reason of a pair) and `link` (pairs more likely of one control than not)."""
    work.run(_STYLE)
    work.measure("street", _STREET)
    work.run(_FACTS)
    work.measure("coming_back", _COMING_BACK)
    build_agreement(work)
    work.run(f"CREATE TABLE reason AS {_unite(REASONS)}")
    build_manners(work, adverts)
    work.run(f"INSERT INTO reason {_unite(SECOND_REASONS)}")
    work.run(_LINK)
    # Nobody asks for them from here on.
    work.drop("acquainted", "agreed", "companions", "facts", "pair", "penned", "shared")


def _unite(reasons: Sequence[Reason]) -> str:
    return " UNION ALL ".join(_GIVEN.format(reason.sql) for reason in reasons)
