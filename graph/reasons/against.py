"""Reasons against a link: what tells two people who share something from one control."""

from typing import Final

from graph.reasons.reason import Reason

# In tenths: a third decimal would move with every night, and every link with it.
OTHER_NAMES: Final = Reason(
    "other_names",
    """
    SELECT
        a, b, 'other_names',
        round(least(-0.3, greatest(-1.0, ln((1 - one_control) / (1 - by_chance)))), 1),
        name || ' / ' || other_name, 1.0, 'the adverts give different names'
    FROM facts JOIN agreement ON agreement.fact = 'name'
    WHERE other_names
    """,
)

# Two women who share a flat and a number for safety, or an account and a text as well: two names in one town, and what
# they have in common nobody else has. An operation of that shape exists too; drawing the lawful pair in is the worse
# mistake.
SHARED_FLAT: Final = Reason(
    "shared_flat",
    """
    SELECT
        facts.a, facts.b, 'shared_flat', -7.0 * any_value(facts.in_common), min(specificity.value),
        max(specificity.specificity),
        'two names in one town, and nobody else has what they have in common: as two who share a flat and a phone'
    FROM facts
    JOIN shared USING (a, b)
    JOIN specificity USING (v)
    WHERE NOT facts.same_name AND facts.p <> facts.q AND facts.contacts > 0 AND facts.only_theirs
        AND facts.alone_together AND NOT coalesce(facts.other_towns, false)
    GROUP BY facts.a, facts.b
    """,
)

# A number that was given up and given to a stranger. The old advert may still stand, so a long time between the two
# first days counts as a silence when the two have nothing else in common, each other included. Where a name is missing,
# nine months of silence and another text tell as much as another town: in twelve free markets of 1,500 adverts, half of
# which give a name, or none, 19 and 26 of 6,446 independents are drawn in, not 37 and 50, and no operation is lost; nor
# on a simulated market of 100,000. One name on both sides of a silence may be the same woman, in another town: unless
# hardly more numbers come back under one name than would by chance, of those that strangers were given.
CHANGED_HANDS: Final = Reason(
    "changed_hands",
    """
    SELECT
        facts.a, facts.b, 'changed_hands', -8.0, specificity.value, specificity.specificity,
        'first shown ' || facts.starts_apart || ' days apart, with another ' || CASE
            WHEN facts.same_name THEN 'town and text' WHEN facts.other_names THEN 'name and text'
            ELSE 'text, and not both give a name'
        END || ': as a number given on'
    FROM facts
    JOIN shared USING (a, b)
    JOIN specificity USING (v)
    JOIN agreement ON agreement.fact = 'name', coming_back
    WHERE facts.contacts = 1 AND shared.kind = 'phone' AND CASE
        WHEN facts.same_name THEN
            facts.apart > 180 AND facts.texts = 0 AND facts.other_towns AND facts.alone_together
            AND coalesce(facts.years_apart > 2, true)
            AND greatest(coming_back.one_name, 1)  -- these two, where none did when that was measured
                <= 2 * coming_back.other_names * agreement.by_chance / (1 - agreement.by_chance)
        ELSE
            (
                facts.p <> facts.q AND facts.in_common = 1
                -- A name is missing.
                OR facts.p = facts.q AND facts.texts = 0 AND (NOT facts.same_town OR facts.apart > 270)
            )
            AND (facts.apart > 180 OR facts.starts_apart > 270 AND facts.alone_together)
    END
    """,
)
