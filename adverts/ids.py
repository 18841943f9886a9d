"""Ids are hashes of the fewest raw, stable source fields, so that a rerun makes the same id and none shows a person."""

import hashlib
from typing import Final

_LENGTH: Final = 20  # 80 bits: a billion rows collide with a chance below one in a million


def make_id(prefix: str, *parts: str) -> str:
    """Return `prefix-` and 20 hex digits that are the same for the same parts, in order."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{prefix}-{digest[:_LENGTH]}"


def advert_id(site: str, ref: str) -> str:
    """Return the id of the advert that `site` calls `ref`."""
    return make_id("ad", site, ref)


def capture_id(site: str, night: str, url: str, status: int, kind: str = "http") -> str:
    """Return the id of what `url` answered on `night`; the URL is as requested, the status tells retries apart.

    A page that a browser rendered has a capture of its own, of kind `rendered`, beside the answer it was made from.
    """
    return make_id("cap", site, night, url, str(status), *(() if kind == "http" else (kind,)))


def version_id(advert: str, content_hash: str, night: str) -> str:
    """Return the id of the content that `advert` first showed on `night`."""
    return make_id("ver", advert, content_hash, night)


def link_id(source: str, target: str) -> str:
    """Return the id of the link between two adverts, whichever way round they are given."""
    return make_id("link", *sorted((source, target)))
