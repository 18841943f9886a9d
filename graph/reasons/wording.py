"""Wording: texts that are edits of one template."""

from typing import Final

from graph.reasons.reason import Reason

# One text under two hands is most often a copy: the thief and the victim. Three hands on one text, or two hands that
# meet on two texts, is how an operation rotates its numbers; thefts seldom come so.
SAME_TEXT: Final = Reason(
    "same_text",
    """
    SELECT
        shared.a, shared.b, 'same_text',
        CASE WHEN voice.voices >= 3 OR meeting.texts >= 2 THEN 4.5 ELSE 2.0 END,
        specificity.value, specificity.specificity,
        voice.adverts || ' adverts by ' || voice.voices || ' otherwise unconnected hands'
            || coalesce(', who meet on ' || meeting.texts || ' texts', '')
    FROM shared
    JOIN specificity USING (v)
    JOIN voice USING (v)
    JOIN circle AS one ON one.n = shared.a
    JOIN circle AS other ON other.n = shared.b
    LEFT JOIN meeting ON meeting.c = one.circle AND meeting.d = other.circle
    WHERE shared.kind = 'template'
    """,
)
