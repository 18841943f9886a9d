"""Who is advertised and where. Nationality is no reason: it is a protected characteristic and never scored."""

from typing import Final

from graph.reasons.reason import Reason

# A rare name says more: half the log-odds of how often one control uses one name against how rare the name is, in two
# figures, so that a night of new adverts does not weigh every link anew.
SAME_NAME: Final = Reason(
    "same_name",
    """
    WITH total AS (SELECT sum(adverts) AS named FROM name_count),
    used AS (SELECT DISTINCT name FROM facts WHERE same_name),
    counted AS (
        SELECT used.name, total.named / coalesce(name_count.adverts, 1) AS one_in
        FROM used LEFT JOIN name_count ON name_count.name = used.name, total
    ),
    sized AS (SELECT name, one_in, pow(10, floor(log10(one_in)) - 1) AS unit FROM counted),
    names AS (
        SELECT name, CASE WHEN one_in < 10 THEN round(one_in, 1) ELSE round(one_in / unit) * unit END AS one_in
        FROM sized
    )
    SELECT
        facts.a, facts.b, 'same_name',
        round(least(2.0, greatest(0.5, ln(agreement.one_control * names.one_in) / 2))
            * CASE WHEN one_house.circle <> other_house.circle THEN 0.25 ELSE 1 END, 3),
        facts.name, 1.0, 'one named advert in ' || round_even(names.one_in, 0)::INTEGER || ' uses this name'
    FROM facts JOIN names USING (name)
    JOIN circle AS one ON one.n = facts.a
    JOIN circle AS other ON other.n = facts.b
    LEFT JOIN house AS one_house ON one_house.circle = one.circle
    LEFT JOIN house AS other_house ON other_house.circle = other.circle
    JOIN agreement ON agreement.fact = 'name'
    WHERE facts.same_name
    """,
)

SAME_AGE: Final = Reason(
    "same_age",
    """
    SELECT
        a, b, 'same_age', round(least(0.5, greatest(0, ln(one_control / by_chance) / 2)), 3), '', 1.0,
        'stated ages ' || years_apart || ' years apart'
    FROM facts JOIN agreement ON agreement.fact = 'age'
    WHERE same_name AND years_apart <= 1
    """,
)

SAME_TOWN: Final = Reason(
    "same_town",
    """
    SELECT
        a, b, 'same_town',
        round(least(0.5, greatest(0, ln(one_control / by_chance) / 2)) * CASE WHEN at_once THEN 1 ELSE 0.5 END, 3), '',
        1.0, 'a place in common, or within 15 km' || CASE WHEN at_once THEN '' ELSE ', on other days' END
    FROM facts JOIN agreement ON agreement.fact = 'town'
    WHERE same_town
    """,
)

# A full postcode is a street or part of one. Two hands in it are near neighbours, twenty are a street of parlours.
SAME_STREET: Final = Reason(
    "same_street",
    """
    SELECT
        a, b, 'same_street', round(least(1.0, greatest(0, ln(20 / in_street) / 2)), 1), '', 1.0,
        'a full postcode in common' || CASE WHEN in_street > 1
            THEN ', which ' || in_street || ' otherwise unconnected hands give' ELSE ', which nobody else gives'
        END
    FROM facts WHERE in_street IS NOT NULL
    """,
)
