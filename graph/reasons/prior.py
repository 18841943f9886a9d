"""Where every pair starts, and what an analyst said."""

from typing import Final

from graph.reasons.reason import Reason

# Pairs that share anything at all, on our simulated markets: about one in twenty is of one control.
PRIOR: Final = Reason(
    "prior",
    """
    SELECT a, b, 'prior', -3.0, '', 1.0, 'most adverts that have something in common are not of one control' FROM facts
    """,
)

RULED_SAME: Final = Reason(
    "decision",
    """
    SELECT DISTINCT facts.a, facts.b, 'decision', 20.0, '', 1.0, 'an analyst ruled that they are the same'
    FROM same_decisions
    JOIN advert AS one ON one.id = same_decisions.a
    JOIN advert AS other ON other.id = same_decisions.b
    JOIN facts ON facts.a = least(one.n, other.n) AND facts.b = greatest(one.n, other.n)
    """,
)

RULED_DIFFERENT: Final = Reason(
    "decision",
    """
    SELECT DISTINCT facts.a, facts.b, 'decision', -50.0, '', 1.0, 'an analyst ruled that they are different'
    FROM different_decisions
    JOIN advert AS one ON one.id = different_decisions.a
    JOIN advert AS other ON other.id = different_decisions.b
    JOIN facts ON facts.a = least(one.n, other.n) AND facts.b = greatest(one.n, other.n)
    """,
)
