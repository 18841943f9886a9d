"""Identifiers that the record itself carries: the seller's account on its site, and image hashes."""

from collections.abc import Iterator

from adverts.model import Mention
from enrichment.view import View


def extract_identifiers(view: View) -> Iterator[Mention]:
    """Yield the account as `site:account` and each image hash in lower case."""
    if view.advert.account.strip():
        yield view.whole("account", f"{view.advert.site}:{view.advert.account.strip()}", "account", "identifiers")
    for index, image in enumerate(view.advert.images):
        if image.strip():
            yield view.whole("image", image.strip().lower(), f"images.{index}", "identifiers")
