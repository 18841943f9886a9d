"""Wording: texts that are edits of one template."""

from typing import Final

from graph.reasons.reason import Reason

# One text under two hands is most often a copy: the thief and the victim. Three hands on one text, or two hands that
# meet on two texts, is how an operation rotates its numbers; thefts seldom come so. It counts in full from a likeness
# of .3: below that, adverts in a language that few here use look alike. Tuned on simulated markets, seeds 1 to 3, 11.
SAME_TEXT: Final = Reason(
    "same_text",
    """
    SELECT
        shared.a, shared.b, 'same_text',
        CASE
            WHEN one_house.circle <> other_house.circle THEN 0.0
            WHEN voice.voices >= 3 OR meeting.texts >= 2
                THEN round(2 + 2.5 * least(1, greatest(0, (likeness.alike - 0.15) / 0.15)), 3)
            ELSE 2.0
        END,
        specificity.value, specificity.specificity,
        'alike ' || round(likeness.alike, 2) || '; ' || voice.adverts || ' adverts by ' || voice.voices
            || ' otherwise unconnected hands'
            || CASE WHEN one_house.circle <> other_house.circle THEN ', each a house of its own' ELSE '' END
            || coalesce(', who meet on ' || meeting.texts || ' texts', '')
    FROM shared
    JOIN specificity USING (v)
    JOIN voice USING (v)
    JOIN likeness ON likeness.a = shared.a AND likeness.b = shared.b
    JOIN circle AS one ON one.n = shared.a
    JOIN circle AS other ON other.n = shared.b
    LEFT JOIN house AS one_house ON one_house.circle = one.circle
    LEFT JOIN house AS other_house ON other_house.circle = other.circle
    LEFT JOIN meeting ON meeting.c = one.circle AND meeting.d = other.circle
    WHERE shared.kind = 'template'
    """,
)
