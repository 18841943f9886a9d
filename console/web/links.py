"""The addresses that a page names, so that a capture which lists an advert is known by it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import unescape
from posixpath import normpath
from typing import Final, NamedTuple
from urllib.parse import unquote

_LONG_NUMBER: Final = re.compile(r"&#[0-9]{40,}")  # no character, and Python refuses to read the longest
_SLASH: Final = re.compile(r"\\(?:/|u002[fF])")
_HARD: Final = re.compile(r"</?[a-zA-Z]+|[\s\"'`<>\\\x00]+")
_SOFT: Final = re.compile(r"[()\[\]{},;=|#]+")
_HREF: Final = re.compile(r"(?:href|src|action|url)[\"']?\s*[=:]\s*[\"']?([^\s\"'<>]+)", re.IGNORECASE)
_BASE: Final = re.compile(r"<base\s[^<>]{0,200}?href\s*=\s*[\"']?([^\s\"'<>]+)", re.IGNORECASE)
_ENDS: Final = "/.,:!?"  # of a sentence or a folder, not of an address


class _Address(NamedTuple):
    """What of an address tells one advert of a site from another."""

    path: str
    parameters: frozenset[str]


class Links:
    """The addresses of a page: its own, and each that its text names or links to, whole and to the character."""

    def __init__(self, text: str, url: str) -> None:
        """Read them from the text; a relative one counts as under the page, its base and the root of the site."""
        text = _SLASH.sub("/", unescape(_LONG_NUMBER.sub(" ", text)))
        own = _split(url)[0]
        bases = [_split(found[1])[0] for found in _BASE.finditer(text)][:1]
        self._folders = {"/", *(path.rpartition("/")[0] + "/" for path in (own, *bases))}
        self._own = own
        self._found: dict[str, set[str]] = defaultdict(set)
        for token in {url, *_iter_tokens(text)}:
            self._add(token)
        for token in {found[1] for found in _HREF.finditer(text)}:
            self._add(token, is_link=True)

    def name_any(self, urls: Iterable[str]) -> bool:
        """Return whether one of the adverts' addresses is among them, whatever else its query says."""
        return any(self._has(url) for url in urls)

    def _has(self, url: str) -> bool:
        path, parameters = _read(*_split(url))
        is_root = path == "/" and not parameters  # the start page is linked to from everywhere
        return not is_root and path in self._found and parameters <= self._found[path]

    def _add(self, token: str, *, is_link: bool = False) -> None:
        path, query = _split(token)
        for each in self._resolve(path, is_link=is_link or bool(query)):
            address = _read(each, query)
            self._found[address.path] |= address.parameters

    def _resolve(self, path: str, *, is_link: bool) -> Iterator[str]:
        """Yield the paths that one may mean; a word alone is none unless it is linked to."""
        if not path:
            yield self._own
            return
        host, slash, rest = path.partition("/")
        if slash and (not host or "." in host):  # `example.com/ad/1` without its scheme, but not `n/a`
            yield f"/{rest}"
        if not path.startswith("/") and (is_link or slash):
            yield from (folder + path for folder in self._folders)


def _iter_tokens(text: str) -> Iterator[str]:
    for token in _HARD.split(text):
        yield token
        yield from _SOFT.split(token)


def _split(url: str) -> tuple[str, str]:
    """Return path and query of an address, absolute or relative."""
    path, _, query = url.partition("#")[0].partition("?")
    if "://" in path or path.startswith("//"):
        path = f"/{path.partition('//')[2].partition('/')[2]}"
    return path, query


def _read(path: str, query: str) -> _Address:
    plain = normpath(f"/{unquote(path).lstrip('/')}").rstrip(_ENDS)
    return _Address(plain or "/", frozenset(unquote(each).rstrip(_ENDS) for each in query.split("&") if each))
