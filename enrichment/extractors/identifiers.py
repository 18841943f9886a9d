"""Identifiers that the record itself carries: the seller's account on its site, and image hashes."""

from collections.abc import Iterator

from adverts.model import Mention
from enrichment.view import View


def extract_identifiers(view: View) -> Iterator[Mention]:
    """Yield the account as `site:account` and each image hash once, in lower case; an image's address is no hash."""
    account = view.field("account").folded.strip() if view.advert.account else ""
    if account:
        yield view.whole("account", f"{view.advert.site}:{account}", "account", "identifiers")
    seen: set[str] = set()
    for index, image in enumerate(view.advert.images):
        name = f"images.{index}"
        value = view.field(name).folded.strip().lower() if image else ""
        if "://" in value or value in seen:
            view.counts["image/not_a_hash" if "://" in value else "image/repeated"] += 1
        elif value:
            seen.add(value)
            yield view.whole("image", value, name, "identifiers")
