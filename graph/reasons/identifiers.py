"""Identifiers and pictures that both adverts show, and what the two personas share elsewhere."""

from typing import Final

from graph.reasons.reason import Reason

SHARED_IDENTIFIER: Final = Reason(
    "shared_*",
    """
    SELECT
        shared.a, shared.b, 'shared_' || shared.kind,
        round(specificity.specificity * CASE shared.kind
            WHEN 'account' THEN 6.0 WHEN 'url' THEN 4.0 ELSE 7.0
        END, 3),
        specificity.value, specificity.specificity,
        specificity.adverts || ' adverts, ' || specificity.names || ' names, ' || specificity.towns || ' towns'
    FROM shared JOIN specificity USING (v)
    WHERE shared.kind NOT IN ('template', 'image')
    """,
)

# Pictures are stolen by the set: four in common say little more than one.
SHARED_IMAGE: Final = Reason(
    "shared_image",
    """
    SELECT
        shared.a, shared.b, 'shared_image', round(0.8 * max(specificity.specificity), 3),
        min(specificity.value), max(specificity.specificity), count(*) || ' pictures in common'
    FROM shared JOIN specificity USING (v)
    WHERE shared.kind = 'image'
    GROUP BY shared.a, shared.b
    """,
)

# Two personas of one operation meet on more than one thing; two strangers who meet once do not meet again.
CORROBORATED: Final = Reason(
    "corroborated",
    """
    WITH elsewhere AS (
        SELECT facts.a, facts.b, acquainted.v
        FROM facts
        JOIN acquainted ON acquainted.p = facts.p AND acquainted.q = facts.q
        ANTI JOIN shared ON shared.a = facts.a AND shared.b = facts.b AND shared.v = acquainted.v
    )
    SELECT
        elsewhere.a, elsewhere.b, 'corroborated',
        round(least(4.0,
            coalesce(sum(2.0 * specificity.specificity) FILTER (WHERE kind NOT IN ('template', 'image')), 0)
            + coalesce(max(specificity.specificity) FILTER (WHERE kind IN ('template', 'image')), 0)
        ), 3),
        min(specificity.value), max(specificity.specificity),
        'their other adverts share ' || count(*) || ' more'
    FROM elsewhere JOIN specificity USING (v)
    GROUP BY elsewhere.a, elsewhere.b
    """,
)
