"""What goes wrong between us and a search server, in sentences that say what to do. No secret is ever in one."""

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import elastic_transport
import elasticsearch

from adverts.errors import StopRun
from adverts.settings import Settings

_FULL: Final = ("disk usage exceeded", "read-only", "no space left")
_BUSY: Final = ("circuit_breaking", "rejected_execution")
_NAMED: Final = 3  # documents named when some are refused
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
    where = _name_server(settings)
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
            return _say_full(where)
        case elasticsearch.ApiError() if any(sign in said for sign in _BUSY):
            return f"The search server at {where} is overloaded. {_SAFE}; try again later, or give it more memory."
        case elasticsearch.AuthorizationException():
            return f"The search server at {where} does not let us do this. Ask its keeper for rights on our indexes."
    return f"The search server at {where} cannot be used: {error}. {_SAFE}; run: asw index --rebuild"


def explain_refusal(settings: Settings, refused: Sequence[Mapping[str, Any]]) -> str:
    """Return which documents the server refused, of those answers to a bulk that are failures, and why."""
    reasons = [str((answer.get("error") or {}).get("reason", answer.get("status"))) for answer in refused]
    if any(sign in reason.casefold() for reason in reasons for sign in _FULL):
        return _say_full(_name_server(settings))
    named = "; ".join(f"{answer['_id']}: {why}" for answer, why in zip(refused[:_NAMED], reasons, strict=False))
    more = f" and {len(refused) - _NAMED:,} more" if len(refused) > _NAMED else ""
    where = _name_server(settings)
    return f"The search server at {where} refused {len(refused):,} documents ({named}{more}). {_SAFE}; run: asw index"


def _say_full(where: str) -> str:
    return (
        f"The search server at {where} takes no changes: its disk is full, or the index was set to read-only. Free "
        "some space there, then run: asw index"
    )


def _name_server(settings: Settings) -> str:
    return ", ".join(urlsplit(address.strip()).netloc.rpartition("@")[2] for address in settings.search.split(","))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
