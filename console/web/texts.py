"""How values read on a screen: dates in London time, grouped numbers, phones as people write them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from adverts.model import Json

LONDON: Final = ZoneInfo("Europe/London")
_THIN_SPACE: Final = "\u202f"  # narrow and not broken at the end of a line

FAMILIES: Final = {
    "phone": "phone",
    **dict.fromkeys(("place", "postcode", "location", "movement"), "place"),
    **dict.fromkeys(("price", "rate"), "price"),
    **dict.fromkeys(("name", "age", "height", "weight", "dress_size", "bust", "language", "account"), "name"),
    **dict.fromkeys(("service", "availability", "verified", "reviews"), "offer"),
    **dict.fromkeys(("email", "url", "handle", "wallet", "image"), "handle"),
}
"""Which of the seven colours a kind of mention has, everywhere; what is not here is a text pattern."""

_REASONS: Final = {
    "prior": "where every pair starts",
    "shared_email": "shared e-mail",
    "shared_url": "shared web address",
    "same_town": "same area",
    "same_street": "same street",
    "same_style": "one way of hiding contacts",
    "corroborated": "personas meet elsewhere too",
    "fits_text": "works where this text's others do",
    "own_edits": "own adverts vary as much",
    "text_source": "where the text comes from",
    "manner": "manner of writing",
    "shared_flat": "looks like a shared flat",
    "changed_hands": "number may have changed hands",
    "decision": "an analyst's decision",
}
_TRIAGE: Final = {
    "alert": "Alert: read first",
    "review": "For review",
    "none": "No sign",
    "confirmed": "Confirmed by an analyst",
    "dismissed": "Dismissed by an analyst",
}
_RULES: Final = {
    "alert": "By a stated rule: two independent documented signs, one of them structural, and no sign of a lawful "
    "explanation.",
    "review": "By a stated rule: a structural sign, but no second independent one, or a sign of a lawful explanation.",
    "none": "By a stated rule: no structural sign.",
}
_KINDS: Final = {"email": "e-mail", "url": "web address"}
_LANGUAGES: Final = {
    "en": "English", "ro": "Romanian", "pl": "Polish", "es": "Spanish", "pt": "Portuguese", "it": "Italian",
    "fr": "French", "de": "German", "hu": "Hungarian", "zh": "Chinese", "ru": "Russian", "tr": "Turkish",
    "cs": "Czech", "sk": "Slovak", "bg": "Bulgarian", "uk": "Ukrainian", "lt": "Lithuanian", "nl": "Dutch",
    "sq": "Albanian", "el": "Greek", "ar": "Arabic", "th": "Thai", "vi": "Vietnamese", "ja": "Japanese",
    "ko": "Korean",
}  # fmt: skip


def show_date(day: date | str | None) -> str:
    """Return a day as `23 Nov 2026`; an ISO text is accepted, nothing gives a dash."""
    if not day:
        return "–"
    parsed = date.fromisoformat(day[:10]) if isinstance(day, str) else day
    return f"{parsed.day} {parsed:%b %Y}"


def show_month(month: str) -> str:
    """Return a month, such as 2026-03, in words."""
    return f"{date.fromisoformat(f'{month}-01'):%b %Y}"


def show_time(moment: datetime | None) -> str:
    """Return a moment as `23 Nov 2026, 14:05` in London time."""
    if moment is None:
        return "–"
    local = moment.astimezone(LONDON)
    return f"{local.day} {local:%b %Y, %H:%M}"


def show_age(moment: datetime | None, now: datetime | None = None) -> str:
    """Return how long ago a moment was, in the largest whole unit: `3 hours ago`."""
    if moment is None:
        return "never"
    seconds = int(((now or datetime.now(UTC)) - moment).total_seconds())
    for name, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return f"{count_of(seconds // length, name)} ago"
    return "just now"


def show_number(number: float) -> str:
    """Return a number with thin grouping, a fraction with two digits."""
    text = f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"
    return text.replace(",", _THIN_SPACE).replace("-", "\u2212")


def show_weight(weight: float) -> str:
    """Return log-odds with their sign: `+3.20`."""
    return f"{'+' if weight >= 0 else '−'}{abs(weight):.2f}"


def show_duration(seconds: float | None) -> str:
    """Return a duration as `4.2 s`, `3 min 20 s` or `2 h 05 min`."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes_left = divmod(minutes, 60)
    return f"{hours} h {minutes_left:02} min" if hours else f"{minutes} min {rest:02} s"


def count_of(count: int, noun: str, plural: str = "") -> str:
    """Return `1 advert`, `2 adverts`."""
    return f"{show_number(count)} {noun if count == 1 else plural or noun + 's'}"


def family_of(kind: str) -> str:
    """Return the colour family of a kind of mention."""
    return FAMILIES.get(kind, "pattern")


def kind_label(kind: str) -> str:
    """Return a kind, status or stage as words: `third_person` is `third person`."""
    return _KINDS.get(kind) or kind.replace("_", " ").replace("/", " › ")


def language_name(code: str) -> str:
    """Return the English name of a language by its ISO 639-1 code; the code itself where it has none here."""
    return _LANGUAGES.get(code, code)


def field_label(field: str) -> str:
    """Return a field's public name as words, members counted from one: `rates.0.price` is `rates 1, price`."""
    name, *rest = field.split(".")
    member = f" {int(rest[0]) + 1}" if rest else ""
    return ", ".join([kind_label(name) + member, *rest[1:]])


def reason_label(reason: str) -> str:
    """Return a link's reason as words."""
    return _REASONS.get(reason, kind_label(reason))


def triage_label(triage: Json) -> str:
    """Return the level that triage or an analyst gave a network, as words."""
    level = triage.get("level") or "none"
    return _TRIAGE.get(level, level)


def triage_rule(triage: Json) -> str:
    """Return why triage says what it says of a network."""
    outgrown = triage.get("outgrown")
    dismissed = f"It was dismissed when it had {count_of(outgrown, 'advert')}. " if outgrown else ""
    again = "It has more than twice as many now, so it is read again. " if outgrown else ""
    rule = _RULES.get(triage.get("level") or "none", "An analyst ruled so; the decision is under History.")
    return f"{dismissed}{again}{rule} Nothing is learned or guessed."


def lawful_signs(triage: Json) -> str:
    """Return the signs of a lawful explanation that triage found, in a sentence; nothing when there are none."""
    signs = list_words([kind_label(sign) for sign in triage.get("counter", ())])
    return f"Signs of a lawful explanation: {signs}." if signs else ""


def list_words(words: list[str], limit: int = 4) -> str:
    """Return `a, b and c`, with the rest as a number: `a, b, c, d and 3 more`."""
    if len(words) > limit:
        return f"{', '.join(words[:limit])} and {len(words) - limit} more"
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "show_date": show_date,
    "show_month": show_month,
    "show_time": show_time,
    "show_age": show_age,
    "show_number": show_number,
    "show_weight": show_weight,
    "show_duration": show_duration,
    "count_of": count_of,
    "family": family_of,
    "kind_label": kind_label,
    "field_label": field_label,
    "language_name": language_name,
    "reason_label": reason_label,
    "triage_label": triage_label,
    "triage_rule": triage_rule,
    "lawful_signs": lawful_signs,
    "list_words": list_words,
}
