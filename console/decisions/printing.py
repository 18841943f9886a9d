"""How commands print decisions."""

from collections.abc import Sequence

from console.decisions.ledger import Entry, name_targets
from console.printing import print_table


def print_decisions(entries: Sequence[Entry]) -> None:
    """Write a line a decision: what it says, whether it is in force, who made it and why."""
    words = name_targets(entries)
    states = {
        each.id: "in force" if each.undone_by is None else f"undone by {each.undone_author}: {each.undone_reason}"
        for each in entries
    }
    rows = [(each.id, words[each.id], states[each.id], each.author, each.reason) for each in entries]
    print_table(rows, ("number", "decision", "state", "author", "reason"))
