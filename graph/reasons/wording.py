"""Wording: texts that are edits of one template."""

from typing import Final

from graph.reasons.reason import Reason

# Strength and likeness are told in tenths: they move in the third decimal with every text of the market, mean nothing
# there, and would make every night weigh the links of the one before anew.
# How far above what chance gives: nothing below .7 of the likeness that is enough in this market, all from 1.5 of it.
# A stranger is alike to one advert of a text by chance, but not to those of its other hands: nothing below .5 of what
# is enough on the mean of them, all from .8. Of a hand's own adverts only the text's own counts.
_STRENGTH: Final = """
    round(
        least(1, greatest(0, likeness.alike / likeness.enough - 0.7) / 0.8)
        * least(1, greatest(0, coalesce(least(one_belonging.alike, other_belonging.alike), 9) - 0.5) / 0.3), 1
    )
"""

_VOICES: Final = "voice.voices - coalesce(copying.copies, 0)"  # who is told to be a copyist is none
_TWO_HOUSES: Final = "one_house.circle <> other_house.circle"

_HANDS: Final = """
    JOIN likeness ON likeness.a = shared.a AND likeness.b = shared.b
    JOIN circle AS one ON one.n = shared.a
    JOIN circle AS other ON other.n = shared.b
    LEFT JOIN house AS one_house ON one_house.circle = one.circle
    LEFT JOIN house AS other_house ON other_house.circle = other.circle
    LEFT JOIN belonging AS one_belonging ON one_belonging.v = shared.v AND one_belonging.circle = one.circle
        AND one.circle <> other.circle
    LEFT JOIN belonging AS other_belonging ON other_belonging.v = shared.v AND other_belonging.circle = other.circle
        AND one.circle <> other.circle
"""

# One text under two hands is most often a copy: the thief and the victim. Three hands on one text, or two hands that
# meet on two texts, is how an operation rotates its numbers; thefts seldom come so, and four hands still less. Who is
# told to be a copyist is no voice. A thief takes two texts as soon as one: where two hands meet on two, one of them has
# several names, as a controller has and a victim has not, or they have a name or a town in common. Two houses, each
# with a contact that several names use, have no need of one another's text: one copied the other. Tuned on simulated
# markets (seeds 1, 2, 3, 5, 8) and on one of another style, 1,500 to 30,000 adverts.
SAME_TEXT: Final = Reason(
    "same_text",
    f"""
    WITH several AS (
        SELECT circle FROM circle JOIN advert USING (n) WHERE name <> '' GROUP BY circle HAVING count(DISTINCT name) > 1
    )
    SELECT
        shared.a, shared.b, 'same_text',
        round({_STRENGTH} * CASE
            WHEN {_TWO_HOUSES} THEN 0.5
            WHEN {_VOICES} >= 3
                OR meeting.texts >= 2 AND (
                    facts.same_name OR facts.same_town
                    OR one_several.circle IS NOT NULL OR other_several.circle IS NOT NULL
                )
                THEN if(meeting.texts >= 2, 4.7, 3.3)
            ELSE 1.5
        END, 1),
        specificity.value, specificity.specificity,
        'alike ' || round(likeness.alike, 1) || ', by chance up to ' || round(likeness.enough, 1) || '; '
            || voice.adverts || ' adverts by '
            || CASE voice.voices WHEN 1 THEN 'one hand' ELSE voice.voices || ' otherwise unconnected hands' END
            || coalesce(', ' || copying.copies || ' of them copying', '')
            || CASE WHEN {_TWO_HOUSES} THEN ', each a house of its own' ELSE '' END
            || coalesce('; the two meet on ' || meeting.texts || if(meeting.texts = 1, ' text', ' texts'), '')
    FROM shared
    JOIN specificity USING (v)
    JOIN voice USING (v)
    LEFT JOIN copying USING (v)
    {_HANDS}
    LEFT JOIN meeting ON meeting.c = one.circle AND meeting.d = other.circle
    LEFT JOIN several AS one_several ON one_several.circle = one.circle
    LEFT JOIN several AS other_several ON other_several.circle = other.circle
    JOIN facts ON facts.a = shared.a AND facts.b = shared.b
    WHERE shared.kind = 'template'
    """,  # noqa: S608 -- fixed parts
)

# Of the two hands the one less at home counts. A name that both adverts give has its own reason; a house's people are
# in one town, so of two houses place says nothing.
FITS_TEXT: Final = Reason(
    "fits_text",
    f"""
    WITH judged AS (
        SELECT
            shared.a, shared.b, shared.v, {_STRENGTH} AS strength,
            CASE WHEN {_TWO_HOUSES} THEN 0 ELSE 1 END AS place_counts,
            CASE WHEN {_TWO_HOUSES} THEN 1 WHEN facts.same_name THEN 0 ELSE 1 END AS name_counts,
            CASE WHEN {_TWO_HOUSES} OR facts.same_name THEN 0 ELSE 1 END AS time_counts,
            one_fit.by_place AS one_place, one_fit.by_name AS one_name, one_fit.by_time AS one_time,
            other_fit.by_place AS other_place, other_fit.by_name AS other_name, other_fit.by_time AS other_time,
            one_fit.detail AS one_detail, other_fit.detail AS other_detail
        FROM shared
        {_HANDS}
        JOIN facts ON facts.a = shared.a AND facts.b = shared.b
        JOIN fit AS one_fit ON one_fit.v = shared.v AND one_fit.circle = one.circle
        JOIN fit AS other_fit ON other_fit.v = shared.v AND other_fit.circle = other.circle
        WHERE shared.kind = 'template' AND one.circle <> other.circle
    ),
    summed AS (
        SELECT
            a, b, v, strength, one_detail, other_detail,
            place_counts * one_place + name_counts * one_name + time_counts * one_time AS one,
            place_counts * other_place + name_counts * other_name + time_counts * other_time AS other
        FROM judged
    )
    SELECT
        a, b, 'fits_text', round(strength * least(one, other), 1), specificity.value, 1.0,
        'the hand less at home: ' || CASE WHEN one <= other THEN one_detail ELSE other_detail END
    FROM summed JOIN specificity USING (v)
    """,  # noqa: S608 -- fixed parts
)

# Of two authors the one whose words look the more like a copy counts.
TEXT_SOURCE: Final = Reason(
    "text_source",
    f"""
    WITH judged AS (
        SELECT
            shared.a, shared.b, shared.v, {_STRENGTH} AS strength,
            CASE WHEN coalesce(one_copied.weight <= other_copied.weight, one_copied.weight IS NOT NULL)
                THEN one_copied.author ELSE other_copied.author
            END AS author
        FROM shared
        {_HANDS}
        JOIN author AS one_author ON one_author.v = shared.v AND one_author.n = shared.a
        JOIN author AS other_author ON other_author.v = shared.v AND other_author.n = shared.b
        LEFT JOIN copied AS one_copied ON one_copied.author = one_author.author
        LEFT JOIN copied AS other_copied ON other_copied.author = other_author.author
        WHERE shared.kind = 'template' AND one_author.author <> other_author.author
            AND coalesce(one_copied.weight, other_copied.weight) IS NOT NULL
    )
    SELECT
        a, b, 'text_source', round(strength * copied.weight, 1), specificity.value, 1.0,
        'the likelier copy has ' || copied.common::INTEGER || ' phrases in common with '
            || if(copied.source IN (a, b), 'the other of the two', 'the one most like it') || ', ' || source.id
            || ', ' || copied.alone::INTEGER || ' of them with that one alone, and ' || copied.others::INTEGER
            || ' of this text''s other adverts that it lacks'
    FROM judged JOIN specificity USING (v) JOIN copied USING (author) JOIN advert AS source ON source.n = copied.source
    """,  # noqa: S608 -- fixed parts
)

# Who copies an advert, or writes for herself, keeps to her words: her own adverts are more alike than hers and another
# hand's. Where two hands vary their own adverts as much as they differ, one text is edited anew for every advert.
# All from .7 of the likeness that their own have, nothing below .3; all where their own are alike by .6, nothing from
# .85. Two hands alone may be rivals who both work so, and two houses are. With it same_text says 3.3 where it said 3.7:
# in the free markets of `benchmarks.linking` (twelve of 1,500, with and without names, and two of 30,000) 80 more of
# 1,886 operations are found, and 32 fewer independents drawn in.
OWN_EDITS: Final = Reason(
    "own_edits",
    f"""
    WITH judged AS (
        SELECT
            shared.a, shared.b, shared.v, {_STRENGTH} AS strength,
            if({_VOICES} <= 2, 1.4, 2.0) AS most,
            greatest(one_own.alike, other_own.alike, 0.01) AS own, edits.alike
        FROM shared
        {_HANDS}
        JOIN voice ON voice.v = shared.v
        LEFT JOIN copying ON copying.v = shared.v
        JOIN edits ON edits.v = shared.v AND edits.c = one.circle AND edits.d = other.circle
        JOIN edits AS one_own ON one_own.v = shared.v AND one_own.c = one.circle AND one_own.d = one.circle
        JOIN edits AS other_own ON other_own.v = shared.v AND other_own.c = other.circle AND other_own.d = other.circle
        WHERE shared.kind = 'template' AND one.circle <> other.circle AND NOT coalesce({_TWO_HOUSES}, false)
    )
    SELECT
        a, b, 'own_edits',
        round(
            most * strength * least(1, greatest(0, 0.85 - own) / 0.25)
            * least(1, greatest(0, alike / own - 0.3) / 0.4), 1
        ),
        specificity.value, 1.0,
        'the adverts of each hand are alike by up to ' || round(own, 2) || ' on the mean, those of the two by '
            || round(alike, 2)
    FROM judged JOIN specificity USING (v)
    """,  # noqa: S608 -- fixed parts
)

# Those who hide numbers each have their way of it. With a contact in common it says nothing more.
SAME_STYLE: Final = Reason(
    "same_style",
    """
    SELECT
        a, b, 'same_style', round(least(0.5, greatest(0, ln(one_control / by_chance) / 2)), 1), '', 1.0,
        'both hide their contact in one way: ' || trim(replace(style, '"', ''), '[]')
    FROM facts JOIN agreement ON agreement.fact = 'style'
    WHERE same_style AND contacts = 0
    """,
)

# A controller with several writers is plausible, so not to be alike says at most 1.
MANNER: Final = Reason(
    "manner",
    f"""
    WITH told AS (
        SELECT
            agreed.a, agreed.b, agreed.habit, agreed.value, agreed.other_value, habit_weight.outcome,
            habit_weight.weight
        FROM agreed
        JOIN habit_weight ON habit_weight.habit = agreed.habit AND habit_weight.outcome = CASE
            WHEN agreed.value <> agreed.other_value THEN 'unlike' WHEN agreed.value <> habit_weight.usual THEN 'own'
        END
        WHERE habit_weight.weight <> 0
    ),
    said AS (
        SELECT
            a, b, sum(weight) AS weight,
            string_agg(value, ', ' ORDER BY habit) FILTER (WHERE outcome = 'own') AS alike,
            string_agg(value || ' / ' || other_value, ', ' ORDER BY habit) FILTER (WHERE outcome = 'unlike') AS unlike
        FROM told GROUP BY a, b
    )
    SELECT
        shared.a, shared.b, 'manner', round({_STRENGTH} * greatest(-1.0, least(3.0, said.weight)), 1),
        specificity.value, 1.0,
        concat_ws('; ', 'both write with ' || said.alike, 'unlike in writing with ' || said.unlike)
    FROM said
    JOIN shared ON shared.a = said.a AND shared.b = said.b
    JOIN specificity USING (v)
    {_HANDS}
    WHERE shared.kind = 'template'
    """,  # noqa: S608 -- fixed parts
)
