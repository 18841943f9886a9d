"""Quality and cost of finding text templates: `python -m benchmarks.templates [ADVERTS] [--seed N]`.

Makes texts whose template is known: half stand alone; the rest are copies of a text, 2 to 40 of each, edited lightly,
moderately or heavily, each with a name, town, number and price of its own. Every fifth ends in one of a dozen notices
that many share and that are longer than what most people write.
"""

import argparse
import os
import platform
import random
import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from graph.templates import find_templates
from simulator.disguise import write_plain
from simulator.grammar import load_bank
from simulator.people import load_names
from simulator.places import pick_towns
from simulator.wording import Draft, Style, compose_draft, draw_style, dress_draft, edit_draft

_EDITS: Final = (0.1, 0.25, 0.45)
_NOTICES: Final = 12
_NOTICE_SENTENCES: Final = 9
_MOST_COPIES: Final = 40

Text = tuple[str, str, str]
"""Id, text, and the name of its template, empty when it stands alone."""


def main() -> None:
    """Print what was found of one market's templates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adverts", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    texts = list(iter_texts(arguments.adverts, arguments.seed))
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, seed {arguments.seed}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started, worked = time.perf_counter(), time.process_time()
    found = find_templates((key, text) for key, text, _ in texts)
    seconds, busy = time.perf_counter() - started, time.process_time() - worked
    label = {member: template.id for template in found for member in template.members}
    precision, recall = score_pairs((truth, label.get(key, "")) for key, _, truth in texts)
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"{len(texts):,} texts: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    print(f"{len(found):,} templates, the largest of {max((len(each.members) for each in found), default=0):,}")
    print(f"{seconds:.1f} s of clock, {busy:.1f} s of processor")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most, {before:,.0f} of them texts")


def score_pairs(rows: Iterable[tuple[str, str]]) -> tuple[float, float]:
    """Return pairwise precision and recall of `(truth, found)` labels; empty ones stand alone."""
    truths, labels, both = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for truth, label in rows:
        truths[truth] += bool(truth)
        labels[label] += bool(label)
        both[truth, label] += bool(truth and label)
    hits, joined, wanted = (sum(n * (n - 1) // 2 for n in counts.values()) for counts in (both, labels, truths))
    return hits / max(1, joined), hits / max(1, wanted)


def iter_texts(count: int, seed: int) -> Iterator[Text]:
    """Yield texts with the truth about them, in an order that says nothing."""
    rng = random.Random(seed)
    notices = [" ".join(load_bank("english").make_many(rng, "boilerplate", _NOTICE_SENTENCES)) for _ in range(_NOTICES)]
    made: list[Text] = []
    while len(made) < count:
        draft, style = compose_draft(rng), draw_style(rng)
        copies = 1 if rng.random() < 0.88 else min(_MOST_COPIES, 2 + int(rng.expovariate(1 / 6)))
        edit = rng.choice(_EDITS)
        template = f"truth-{len(made)}" if copies > 1 else ""
        for _ in range(copies):
            text = write_text(rng, edit_draft(rng, draft, edit) if template else draft, style)
            made.append((f"a{len(made)}", f"{text}\n{rng.choice(notices)}" if rng.random() < 0.2 else text, template))
    rng.shuffle(made)
    yield from made[:count]


def write_text(rng: random.Random, draft: Draft, style: Style) -> str:
    """Return a draft with its facts filled in."""
    dressed = dress_draft(rng, draft, style)
    price = rng.randrange(8, 20) * 10
    facts = {
        "name": rng.choice(load_names()), "other": rng.choice(load_names()), "age": str(rng.randrange(20, 50)),
        "town": pick_towns(rng, 1, 1)[0].town, "outcode": f"M{rng.randrange(1, 40)}", "nationality": "British",
        "phone": write_plain(rng, f"+4477009{rng.randrange(100_000):05}"), "price": f"£{price}",
        "half": f"£{price // 2 + 10}", "double": f"£{price * 2 - 20}",
    }  # fmt: skip
    parts = (dressed.title + "\n" + style.separator.join((*dressed.prose, dressed.hours, dressed.call))).strip()
    return parts.format_map(facts)


if __name__ == "__main__":
    main()
