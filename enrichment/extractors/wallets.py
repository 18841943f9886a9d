"""Crypto wallets whose checksum holds."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from adverts.model import Mention
from adverts.values import parse_wallet
from enrichment.view import Place, View

_MOST: Final = 200  # addresses looked at in a field: a checksum takes up to 0.6 ms
_ADDRESS: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:0x[0-9a-fA-F]{40}|(?:bc|ltc|BC|LTC)1[0-9A-Za-z]{11,71}"
    r"|[13LMDA9T][1-9A-HJ-NP-Za-km-z]{25,34}|[48][1-9A-HJ-NP-Za-km-z]{94,105})(?![0-9A-Za-z])"
)

_LONG_WORD: Final = re.compile(r"(?:[^ ]{0,25}+ )*+[^ ]{26}")
"""Shorter words up to one that has as many characters as the shortest address."""


def extract_wallets(view: View) -> Iterator[Mention]:
    """Yield each address of title and body, read before the normaliser may take a part of it for a number."""
    for name, clean in view.prose():
        if not _LONG_WORD.match(clean.folded):
            continue
        for found in islice(_ADDRESS.finditer(clean.folded), _MOST):
            wallet = parse_wallet(found[0])
            if wallet is None:
                view.counts["wallet/checksum"] += 1
                continue
            place = Place(name, *clean.folded_span(*found.span()), "wallets")
            yield view.raw_mention("wallet", wallet.value, place, 0.99 if wallet.checked else 0.8, {})
