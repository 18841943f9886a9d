"""Identifiers that the record itself carries: the seller's account on its site, and image hashes."""

from collections.abc import Iterator

from adverts.model import Mention
from enrichment.view import View


def extract_identifiers(view: View) -> Iterator[Mention]:
    """Yield the account as `site:account` and each image hash once, in lower case; an image's address is no hash."""
    account = _fold(view, "account", view.advert.account).strip()
    if account:
        yield view.whole("account", f"{view.advert.site}:{account}", "account", "identifiers")
    seen: set[str] = set()
    for index, image in enumerate(view.advert.images):
        name = f"images.{index}"
        value = _fold(view, name, image).strip().lower()
        if "://" in value or value in seen:
            view.counts["image/not_a_hash" if "://" in value else "image/repeated"] += 1
        elif value:
            seen.add(value)
            yield view.whole("image", value, name, "identifiers")


def _fold(view: View, name: str, text: str) -> str:
    """Return a field without disguises; one of plain letters and digits has none, and most have nothing else."""
    return text if text.isascii() and text.isprintable() else view.field(name).folded
