"""How many edits make one word another."""

from functools import lru_cache


@lru_cache(maxsize=65_536)
def count_edits(one: str, other: str, most: int) -> int:
    """Return the signs to add, leave out or replace, and neighbours to swap, as one edit each; above `most` any number.

    No place is edited twice (optimal string alignment), as the engines count.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        row = [i]
        for j, opposite in enumerate(other, 1):
            least = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (sign != opposite))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == opposite:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, last = last, row
    return last[-1]
