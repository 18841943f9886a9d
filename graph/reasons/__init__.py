"""The link reasons, one module a family, in the order they are shown. To add one: docs/adding-a-link-reason.md."""

from typing import Final

from graph.reasons.against import CHANGED_HANDS, OTHER_NAMES, SHARED_FLAT
from graph.reasons.identifiers import CORROBORATED, SHARED_IDENTIFIER, SHARED_IMAGE
from graph.reasons.people import SAME_AGE, SAME_NAME, SAME_STREET, SAME_TOWN
from graph.reasons.prior import PRIOR, RULED_DIFFERENT, RULED_SAME
from graph.reasons.reason import Reason
from graph.reasons.wording import FITS_TEXT, MANNER, OWN_EDITS, SAME_STYLE, SAME_TEXT, TEXT_SOURCE

REASONS: Final[tuple[Reason, ...]] = (
    PRIOR,
    RULED_SAME,
    RULED_DIFFERENT,
    SHARED_IDENTIFIER,
    SHARED_IMAGE,
    CORROBORATED,
    SAME_TEXT,
    FITS_TEXT,
    TEXT_SOURCE,
    OWN_EDITS,
    SAME_STYLE,
    SAME_NAME,
    SAME_AGE,
    SAME_TOWN,
    SAME_STREET,
    OTHER_NAMES,
    SHARED_FLAT,
    CHANGED_HANDS,
)

SECOND_REASONS: Final[tuple[Reason, ...]] = (MANNER,)
"""Those whose weights are measured by what the others say, after them."""
