"""What is known of a value beside the value itself, in words: how it was hidden, for how long, whose area."""

from collections.abc import Iterator

from adverts.model import Json
from console.web.texts import count_of, kind_label, list_words, show_date


def describe_details(attrs: Json) -> list[str]:
    """Return the further keys of a mention as short phrases, the telling ones first."""
    return list(_iter_details(attrs))


def _iter_details(attrs: Json) -> Iterator[str]:
    if attrs.get("negated"):
        yield "said not to be"
    if attrs.get("disguise"):
        yield f"disguised: {list_words([kind_label(each) for each in attrs['disguise']])}"
    for key in ("class", "type", "role", "setting", "purpose"):
        if attrs.get(key):
            yield kind_label(str(attrs[key]))
    if attrs.get("hourly"):
        yield "the advert's rate for one hour"
    if attrs.get("health"):
        yield "a health note"
    yield from _iter_movement(attrs)
    if attrs.get("forces"):
        yield list_words([_show_share(force, share) for force, share in attrs["forces"].items()])
    if attrs.get("rating"):
        yield f"{attrs['rating']} of 5"
    if attrs.get("positive"):
        yield f"{attrs['positive']} % positive"


def _iter_movement(attrs: Json) -> Iterator[str]:
    if attrs.get("from") or attrs.get("until"):
        yield f"{show_date(attrs.get('from'))} to {show_date(attrs.get('until'))}"
    if attrs.get("place"):
        yield f"in {attrs['place']}"
    for key, noun in (("minutes", "minute"), ("miles", "mile")):
        if attrs.get(key) and "currency" not in attrs:  # a price says its time itself
            yield f"{count_of(attrs[key], noun)} away"


def _show_share(force: str, share: float) -> str:
    return force if share == 1 else f"{force} {share:.0%}"
