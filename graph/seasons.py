"""Seasons: how close in time the hands of a text show it.

An operation works a text for a season, hand after hand; who copies one comes at any time. How close is measured in the
market at hand, on the hands that place and name say are at home, against chance: where adverts have no dates, or all
one, it says nothing.
"""

from typing import Final

from graph.workspace import Workspace

NEAR: Final = 30  # days
_SEASON: Final = 120  # days
_HANDS: Final = 20  # hands that chance counts for, so that a few decide little
_LEAST_VOICES: Final = 3  # of a text whose hands are counted: of two one is most often a thief

_WITHIN: Final = "RANGE BETWEEN {days} PRECEDING AND {days} FOLLOWING"
_NEARBY, _SEASONAL = _WITHIN.format(days=NEAR), _WITHIN.format(days=_SEASON)

_DATED: Final = """
CREATE TABLE dated AS
SELECT n, date_diff('day', DATE '2000-01-01', first_seen) AS day FROM advert WHERE first_seen IS NOT NULL
"""

# What share of a text's other hands' adverts is first seen how close to a hand's own, its adverts taken together.
_CLOSENESS: Final = f"""
CREATE TABLE closeness AS
WITH counted AS (
    SELECT
        hand.v, hand.circle,
        count(*) OVER (PARTITION BY hand.v)
            - count(*) OVER (PARTITION BY hand.v, hand.circle) AS others,
        count(*) OVER (PARTITION BY hand.v ORDER BY dated.day {_NEARBY})
            - count(*) OVER (PARTITION BY hand.v, hand.circle ORDER BY dated.day {_NEARBY}) AS near,
        count(*) OVER (PARTITION BY hand.v ORDER BY dated.day {_SEASONAL})
            - count(*) OVER (PARTITION BY hand.v, hand.circle ORDER BY dated.day {_SEASONAL}) AS in_season
    FROM hand JOIN dated USING (n)
)
SELECT
    v, circle, sum(near) / sum(others) AS near, (sum(in_season) - sum(near)) / sum(others) AS season,
    1 - sum(in_season) / sum(others) AS far
FROM counted GROUP BY v, circle HAVING sum(others) > 0
"""  # noqa: S608 -- fixed parts

# Two adverts picked from the market, and a hand at home and another of its text: log-odds between the two.
_PACE: Final = f"""
WITH days AS (SELECT day, count(*) AS adverts FROM dated GROUP BY day),
reach AS (
    SELECT
        adverts, sum(adverts) OVER (ORDER BY day {_NEARBY}) AS near,
        sum(adverts) OVER (ORDER BY day {_SEASONAL}) AS in_season
    FROM days
),
chance AS (
    SELECT
        sum(adverts * near) / pow(sum(adverts), 2) AS near,
        sum(adverts * (in_season - near)) / pow(sum(adverts), 2) AS season
    FROM reach
),
home AS (
    SELECT
        count(*) AS hands, coalesce(sum(closeness.near), 0) AS near, coalesce(sum(closeness.season), 0) AS season
    FROM closeness JOIN voice USING (v)
    LEFT JOIN place_fit ON place_fit.v = closeness.v AND place_fit.circle = closeness.circle
    LEFT JOIN name_fit ON name_fit.v = closeness.v AND name_fit.circle = closeness.circle
    WHERE voice.voices >= $least_voices AND coalesce(place_fit.weight, 0) + coalesce(name_fit.weight, 0) > 0
),
met AS (
    SELECT
        coalesce(chance.near, 1) AS near, coalesce(chance.season, 0) AS season,
        (home.near + $hands * coalesce(chance.near, 1)) / (home.hands + $hands) AS home_near,
        (home.season + $hands * coalesce(chance.season, 0)) / (home.hands + $hands) AS home_season
    FROM home, chance
)
SELECT
    round(near, 4) AS chance,
    round(ln(greatest(0.001, home_near) / greatest(0.001, near)), 3) AS near,
    round(ln(greatest(0.001, home_season) / greatest(0.001, season)), 3) AS season,
    round(ln(greatest(0.001, 1 - home_near - home_season) / greatest(0.001, 1 - near - season)), 3) AS far
FROM met
"""  # noqa: S608 -- fixed parts

_SEASON_FIT: Final = """
CREATE TABLE season_fit AS
SELECT
    closeness.v, closeness.circle, closeness.near AS met, pace.chance,
    closeness.near * pace.near + closeness.season * pace.season + closeness.far * pace.far AS weight
FROM closeness, pace
"""


def build_seasons(work: Workspace) -> None:
    """Add `season_fit`: for each text and each of its hands what time says for it, in log-odds."""
    work.run(_DATED)
    work.run(_CLOSENESS)
    work.measure("pace", _PACE, {"hands": _HANDS, "least_voices": _LEAST_VOICES})
    work.run(_SEASON_FIT)
