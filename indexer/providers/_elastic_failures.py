"""What goes wrong between us and a search server, in sentences that say what to do. No secret is ever in one."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

import elastic_transport
import elasticsearch

from adverts.errors import StopRun
from adverts.settings import Settings

_FULL: Final = ("disk usage exceeded", "read-only", "no space left", "circuit_breaking", "rejected_execution")
_SAFE: Final = "The store is safe"


def refuse_unsafe(settings: Settings) -> None:
    """Raise StopRun (2) for an address that is none, or that would send adverts to another machine in the clear."""
    for address in settings.search.split(","):
        parts = urlsplit(address.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise StopRun(
                "ASW_SEARCH is not the address of a search server; write https://host:9200, several with commas.",
                code=2,
            )
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            raise StopRun(
                f"ASW_SEARCH names {parts.hostname} by http, which others on the way can read and change; write https.",
                code=2,
            )


def explain(settings: Settings, error: Exception) -> str:
    """Return what happened, where, and what to do."""
    where = ", ".join(urlsplit(address.strip()).netloc.rpartition("@")[2] for address in settings.search.split(","))
    said = str(error).casefold()
    match error:
        case elastic_transport.TlsError():
            return (
                f"The certificate of the search server at {where} cannot be verified. Give the authority that signed "
                "it in ASW_SEARCH_CA."
            )
        case elastic_transport.ConnectionTimeout():
            return f"The search server at {where} is too slow: no answer within a minute. {_SAFE}; try again later."
        case elastic_transport.TransportError():
            return f"The search server at {where} does not answer. Start it, or correct ASW_SEARCH. {_SAFE}."
        case elasticsearch.AuthenticationException():
            return (
                f"The search server at {where} does not know us. Set ASW_SEARCH_API_KEY, or ASW_SEARCH_USER and "
                "ASW_SEARCH_PASSWORD."
            )
        case elasticsearch.ApiError() if any(sign in said for sign in _FULL):
            return f"The search server at {where} is full or overloaded. Free some space there, then run: asw index"
        case elasticsearch.AuthorizationException():
            return f"The search server at {where} does not let us do this. Ask its keeper for rights on our indexes."
    return f"The search server at {where} cannot be used: {error}. {_SAFE}; run: asw index --rebuild"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
