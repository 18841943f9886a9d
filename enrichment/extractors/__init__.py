"""The extractors, in the order in which they run; a later one may read what an earlier one found."""

from collections.abc import Callable, Iterable
from typing import Final

from adverts.model import Mention
from enrichment.extractors.ages import extract_ages
from enrichment.extractors.availability import extract_availability
from enrichment.extractors.emails import extract_emails
from enrichment.extractors.facts import extract_facts
from enrichment.extractors.handles import extract_handles
from enrichment.extractors.identifiers import extract_identifiers
from enrichment.extractors.languages import extract_languages
from enrichment.extractors.measures import extract_measures
from enrichment.extractors.movements import extract_movements
from enrichment.extractors.names import extract_names
from enrichment.extractors.nationalities import extract_nationalities
from enrichment.extractors.phones import extract_phones
from enrichment.extractors.places import extract_places
from enrichment.extractors.postcodes import extract_postcodes
from enrichment.extractors.prices import extract_prices
from enrichment.extractors.reputation import extract_reputation
from enrichment.extractors.services import extract_services
from enrichment.extractors.urls import extract_urls
from enrichment.extractors.wallets import extract_wallets
from enrichment.view import View

Extract = Callable[[View], Iterable[Mention]]

EXTRACTORS: Final[dict[str, Extract]] = {
    "phones": extract_phones,
    "emails": extract_emails,
    "handles": extract_handles,
    "urls": extract_urls,
    "wallets": extract_wallets,
    "postcodes": extract_postcodes,
    "places": extract_places,
    "prices": extract_prices,
    "ages": extract_ages,
    "measures": extract_measures,
    "facts": extract_facts,
    "names": extract_names,
    "languages": extract_languages,
    "nationalities": extract_nationalities,
    "services": extract_services,
    "movements": extract_movements,
    "availability": extract_availability,
    "reputation": extract_reputation,
    "identifiers": extract_identifiers,
}
"""Name -> function. The name is the `extractor` of its mentions and its heading in docs/extractors.md."""
