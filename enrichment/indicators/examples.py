"""The packs' own examples, tried: each wording matches what it says it must, and nothing that it must not."""

from collections.abc import Iterator

from enrichment.indicators.finder import Finder


def count_examples(finder: Finder) -> int:
    """Return how many examples the finder's packs state."""
    entries = (wording.entry for indicator in finder.indicators for wording in indicator.wordings)
    return sum(len(entry.must_match) + len(entry.must_not_match) for entry in entries)


def find_broken_examples(finder: Finder) -> Iterator[str]:
    """Yield a sentence for each example that does not hold."""
    for indicator in finder.indicators:
        for language, _, entry in indicator.wordings:
            sign = (indicator.id, language)
            for texts, wanted in ((entry.must_match, True), (entry.must_not_match, False)):
                for text in texts:
                    if (sign in finder.match(text)) != wanted:
                        yield f"{indicator.id} ({language}) {'misses' if wanted else 'finds'} its example {text!r}"
