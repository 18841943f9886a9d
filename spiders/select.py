"""Strict selectors: they raise on zero or many where one is meant, so that a changed page is noticed."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from adverts.errors import SkipItem

T = TypeVar("T")
Tree = LexborHTMLParser | LexborNode


def select_one(tree: Tree, selector: str, name: str) -> LexborNode:
    """Return the only node that matches; SkipItem `NAME_missing` or `NAME_repeated` otherwise."""
    node = select_maybe(tree, selector, name)
    if node is None:
        raise SkipItem(f"{name}_missing", f"the page has no {name}")
    return node


def select_maybe(tree: Tree, selector: str, name: str) -> LexborNode | None:
    """Return the only node that matches, None when there is none; SkipItem `NAME_repeated` when there are many."""
    nodes = tree.css(selector)
    if len(nodes) > 1:
        raise SkipItem(f"{name}_repeated", f"the page has {len(nodes)} of {name}")
    return nodes[0] if nodes else None


def read_text(node: LexborNode | None) -> str:
    """Return the node's text, its line breaks kept and the white space around it dropped; empty for None."""
    return node.text(deep=True).strip() if node is not None else ""


def read_attribute(node: LexborNode, name: str) -> str:
    """Return an attribute's value; SkipItem when the node has none."""
    value = node.attributes.get(name)
    if value is None:
        raise SkipItem(f"{name}_missing", f"a <{node.tag}> has no {name}")
    return value


def read_links(tree: Tree, selector: str, url: str) -> list[str]:
    """Return where the links that match lead, absolute and without fragment, in order and each once."""
    targets = (urljoin(url, read_attribute(node, "href")).partition("#")[0] for node in tree.css(selector))
    return list(dict.fromkeys(targets))


def read_each(nodes: Iterable[LexborNode], read: Callable[[LexborNode], T]) -> tuple[list[T], list[SkipItem]]:
    """Return what was read of each node, and why the others could not be."""
    done: list[T] = []
    skipped: list[SkipItem] = []
    for node in nodes:
        try:
            done.append(read(node))
        except SkipItem as skip:
            skipped.append(skip)
    return done, skipped


def pair_texts(labels: Sequence[LexborNode], values: Sequence[LexborNode]) -> list[tuple[str, str]]:
    """Return the texts of labels and values side by side; SkipItem `facts_uneven` when one lacks its other."""
    if len(labels) != len(values):
        raise SkipItem("facts_uneven", f"the page has {len(labels)} labels for {len(values)} values")
    return [(read_text(label), read_text(value)) for label, value in zip(labels, values, strict=True)]


class Facts:
    """Labelled values of a page, taken out as they are understood; what is left over is unknown to us."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for label, value in pairs:
            self._values.setdefault(label.strip().rstrip(":").lower(), []).append(value)

    def pop(self, label: str) -> str:
        """Take out the value of a label, empty when there is none; SkipItem when there are several."""
        values = self._values.pop(label, [""])
        if len(values) > 1:
            raise SkipItem(f"{label}_repeated", f"the page states {label} {len(values)} times")
        return values[0]

    def pop_all(self, label: str) -> Sequence[str]:
        """Take out every value of a label."""
        return self._values.pop(label, [])

    def pop_rest(self, ignore: Collection[str] = ()) -> dict[str, str]:
        """Take out what nobody asked for, but for what is known to say nothing more."""
        rest = {label: "; ".join(values) for label, values in self._values.items() if label not in ignore}
        self._values = {}
        return rest
