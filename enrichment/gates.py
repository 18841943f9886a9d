"""Gates: one quick scan that says whether a text holds any of some literals, before rules look at it closely."""

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick, MatchKind


class Gate:
    """Opens for a text that holds one of the literals, also inside a word."""

    def __init__(self, literals: Iterable[str]) -> None:
        self._scan = AhoCorasick(list(literals), matchkind=MatchKind.LeftmostFirst)  # the kind that skips fastest

    def opens(self, text: str) -> bool:
        """Return whether a text holds a literal."""
        return bool(self._scan.find_matches_as_indexes(text))
