"""Certificates are verified, credentials are sent, and what is refused says which setting to mend."""

import base64
import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from adverts.errors import StopRun
from adverts.settings import Settings
from indexer.providers.base import Request
from indexer.providers.elastic import ElasticProvider
from indexer.query import All
from tests.contract.corpus import CORPUS
from tests.elastic.gate import open_gate
from tests.engines import FindAddress, clear, make_settings, serve
from tests.search_servers import KINDS

PASSWORD: Final = "drama-only"
BASIC: Final = "Basic " + base64.b64encode(f"desk:{PASSWORD}".encode()).decode()


@pytest.fixture(params=KINDS)
def guarded(request: pytest.FixtureRequest, search_address: FindAddress, tmp_path: Path) -> Iterator[Settings]:
    """Settings for a server behind TLS and a password, all of them right."""
    plain = make_settings(request.param, search_address)
    with open_gate(plain.search, tmp_path, BASIC) as (address, certificate):
        yield dataclasses.replace(
            plain, search=address, search_ca=certificate, search_user="desk", search_password=PASSWORD
        )


def test_over_tls_with_the_password_everything_works(guarded: Settings) -> None:
    provider = ElasticProvider(guarded)
    serve(provider, CORPUS)
    assert provider.search(Request(query=All())).total == len(CORPUS)
    clear(provider)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"search_ca": None}, "certificate.*cannot be verified.*ASW_SEARCH_CA"),
        ({"search_password": "guessed"}, "does not know us.*ASW_SEARCH_API_KEY"),
        ({"search_user": "", "search_password": ""}, "does not know us"),
        ({"search_api_key": "c3RyYW5nZXI="}, "does not know us"),
    ],
)
def test_what_is_refused_says_which_setting_to_mend(guarded: Settings, wrong: dict[str, Any], sentence: str) -> None:
    provider = ElasticProvider(dataclasses.replace(guarded, **wrong))
    with pytest.raises(StopRun, match=sentence) as caught:
        provider.find_current()
    assert PASSWORD not in str(caught.value)
    provider.close()


@pytest.mark.parametrize("kind", KINDS)
def test_an_api_key_opens_too(kind: str, search_address: FindAddress, tmp_path: Path) -> None:
    plain = make_settings(kind, search_address)
    with open_gate(plain.search, tmp_path, "ApiKey ZHJhbWE6b25seQ==") as (address, certificate):
        settings = dataclasses.replace(plain, search=address, search_ca=certificate, search_api_key="ZHJhbWE6b25seQ==")
        provider = ElasticProvider(settings)
        assert provider.find_current() is None
        provider.close()
