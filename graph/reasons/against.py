"""Reasons against a link: what tells two people who share something from one control."""

from typing import Final

from graph.reasons.reason import Reason

OTHER_NAMES: Final = Reason(
    "other_names",
    """
    SELECT
        a, b, 'other_names',
        round(least(-0.25, greatest(-1.0, ln((1 - one_control) / (1 - by_chance)))), 3),
        name || ' / ' || other_name, 1.0, 'the adverts give different names'
    FROM facts JOIN agreement ON agreement.fact = 'name'
    WHERE other_names
    """,
)

# Two women who share a flat and a number for safety: two names, one contact, one town, and nothing else between them
# or with anybody. An operation of that shape exists too; drawing the lawful pair in is the worse mistake.
SHARED_FLAT: Final = Reason(
    "shared_flat",
    """
    SELECT
        facts.a, facts.b, 'shared_flat', -7.0, specificity.value, specificity.specificity,
        'two names, one contact, one town, nothing else in common: as two people who share a flat and a phone'
    FROM facts
    JOIN shared USING (a, b)
    JOIN specificity USING (v)
    WHERE NOT facts.same_name AND facts.p <> facts.q AND facts.contacts = 1 AND facts.in_common = 1
        AND facts.alone_together AND NOT coalesce(facts.other_towns, false)
        AND specificity.names = 2
    """,
)

# A number that was given up and given to a stranger. The old advert may still stand, so a long time between the two
# first days counts as a silence when the two have nothing else in common, each other included.
CHANGED_HANDS: Final = Reason(
    "changed_hands",
    """
    SELECT
        facts.a, facts.b, 'changed_hands', -8.0, specificity.value, specificity.specificity,
        'first shown ' || facts.starts_apart || ' days apart, with another name and text: as a number given on'
    FROM facts
    JOIN shared USING (a, b)
    JOIN specificity USING (v)
    WHERE NOT facts.same_name AND facts.contacts = 1 AND shared.kind = 'phone'
        AND (
            facts.p <> facts.q AND facts.in_common = 1
            OR facts.p = facts.q AND facts.texts = 0 AND NOT facts.same_town  -- a name is missing
        )
        AND (facts.apart > 180 OR facts.starts_apart > 270 AND facts.alone_together)
    """,
)
