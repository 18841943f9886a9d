"""Every setting, declared once: name, default, help, secrecy. Read from the environment, passed in as one object."""

import dataclasses
import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from adverts.errors import StopRun

T = TypeVar("T")
PREFIX: Final = "ASW_"


def _setting(default: T, help: str, *, parse: Callable[[str], T], secret: bool = False) -> T:  # noqa: A002
    metadata = {"help": help, "parse": parse, "secret": secret}
    field: Any = dataclasses.field(default=default, metadata=metadata)
    return field  # type: ignore[no-any-return]


def _flag(text: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if text.lower() not in known:
        raise ValueError("use true or false")
    return known[text.lower()]


def _folder(text: str) -> Path | None:
    return Path(text) if text else None


def _prefix(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]{0,30}", text):
        raise ValueError("use up to 31 small letters and digits, a letter first")
    return text


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) > 1_000:
        raise ValueError("use a number from 0 to 1,000")
    return int(text)


def _size(text: str) -> int:
    if not text.isdecimal() or not 1_000 <= int(text) <= 1_000_000_000:
        raise ValueError("use a number from 1,000 to 1,000,000,000")
    return int(text)


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"use {', '.join(words[:-1])} or {words[-1]}")
        return text.lower()

    return parse


@dataclasses.dataclass(frozen=True, kw_only=True)
class Settings:
    """The product's settings. An empty database or search address means the embedded one below `home`."""

    home: Path = _setting(
        Path("var"), "Folder where state lives: store, WARC files, index, what a linking measured.", parse=Path
    )
    database: str = _setting("", "SQLAlchemy URL of the store; empty for SQLite below home.", parse=str, secret=True)
    search: str = _setting(
        "",
        "URL of an Elasticsearch or OpenSearch server, or of several nodes with commas between; empty for the embedded "
        "engine.",
        parse=str, secret=True,
    )  # fmt: skip
    search_api_key: str = _setting("", "API key for that server.", parse=str, secret=True)
    search_user: str = _setting("", "User for that server, where there is no API key.", parse=str)
    search_password: str = _setting("", "Password of that user.", parse=str, secret=True)
    search_ca: Path | None = _setting(
        None, "Certificate of the authority that signed that server's, where the system does not know it.",
        parse=_folder,
    )  # fmt: skip
    search_prefix: str = _setting("asw", "What the names of our indexes on that server begin with.", parse=_prefix)
    search_shards: int = _setting(0, "Shards of an index there; 0 for as many as its size asks for.", parse=_count)
    search_shard_size: int = _setting(
        10_000_000, "Documents for which such an index has one shard; one twice as full is built anew.", parse=_size
    )
    search_replicas: int = _setting(1, "Copies of each shard there; 0 for a single node.", parse=_count)
    lawful_basis: str = _setting("", "Lawful basis of the collection. No crawl starts without it.", parse=str)
    policy_reference: str = _setting(
        "",
        "Reference of the appropriate policy document (DPA 2018 s.42). No crawl starts without it.",
        parse=str,
    )
    user_agent: str = _setting(
        "asw/0.1 (law-enforcement collection; contact your-unit@example.com)",
        "How the crawler names itself to websites; put your unit's own contact in it.",
        parse=str,
    )
    chromium: str = _setting("", "Path of a Chromium to drive; empty looks in the usual places.", parse=str)
    simulator: str = _setting(
        "127.0.0.1:8801",
        "Address of the simulated market's first site; the next ones have the next ports.",
        parse=str,
    )
    packs: Path | None = _setting(
        None, "Folder of your own indicator packs, over the shipped ones; empty for the shipped ones alone.",
        parse=_folder,
    )  # fmt: skip
    webhook: str = _setting(
        "", "Address (https) to which each night posts how many alerts its watches gave; empty posts nothing.",
        parse=str, secret=True,
    )  # fmt: skip
    link_engine: str = _setting(
        "duckdb", "What links the adverts: duckdb, on this machine, or spark.", parse=_one_of("duckdb", "spark")
    )
    spark_master: str = _setting("local[*]", "Address of the Spark cluster; local[*] is this machine.", parse=str)
    host: str = _setting("127.0.0.1", "Address that the console listens on.", parse=str)
    port: int = _setting(8765, "Port that the console listens on; 0 takes a free one.", parse=int)
    ask_reason: bool = _setting(True, "Ask each user at sign-in why they consult the data.", parse=_flag)
    protection_officers: str = _setting(
        "",
        "Names, as given at sign-in and separated by commas, of those who may open quarantined adverts.",
        parse=str,
    )
    retention_days: int = _setting(365, "Days after which an advert that nobody ruled on is due for review.", parse=int)
    log_level: str = _setting(
        "info", "debug, info, warning or error.", parse=_one_of("debug", "info", "warning", "error")
    )

    def is_officer(self, user: str) -> bool:
        """Return whether a signed-in person holds the child-protection role."""
        named = {name.strip().casefold() for name in self.protection_officers.split(",")} - {""}
        return user.strip().casefold() in named

    @property
    def database_url(self) -> str:
        """Return the SQLAlchemy URL of the store that is in force."""
        return self.database or f"sqlite:///{self.home / 'asw.db'}"


@dataclasses.dataclass(frozen=True)
class Declaration:
    """One row of the settings table, for `--help`, the docs page and tests."""

    variable: str
    default: str
    help: str
    secret: bool


def iter_declarations() -> Iterator[Declaration]:
    """Yield every setting in the order of the table."""
    for field in dataclasses.fields(Settings):
        default = "" if field.default is None else str(field.default)
        yield Declaration(PREFIX + field.name.upper(), default, field.metadata["help"], field.metadata["secret"])


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings that the environment states; StopRun (2) names a variable that is unknown or malformed."""
    given = {key: text for key, text in (environ or os.environ).items() if key.startswith(PREFIX)}
    values: dict[str, Any] = {}
    for field in dataclasses.fields(Settings):
        variable = PREFIX + field.name.upper()
        if variable in given:
            try:
                values[field.name] = field.metadata["parse"](given.pop(variable))
            except ValueError as error:
                raise StopRun(f"{variable} cannot be read: {error}. See docs/settings.md.", code=2) from error
    if given:
        raise StopRun(f"Unknown setting {min(given)}. The settings are listed in docs/settings.md.", code=2)
    return Settings(**values)


def to_environment(settings: Settings) -> dict[str, str]:
    """Return the variables that give a child process the same settings; `load_settings` reads them back equal."""
    return {PREFIX + field.name.upper(): _show(getattr(settings, field.name)) for field in dataclasses.fields(Settings)}


def _show(value: object) -> str:
    return "" if value is None else str(value)
