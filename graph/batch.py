"""Linking without a store: advert records in, files or lines out."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from adverts.arrow import Linkables
from adverts.model import Advert, Clustering, Decision, Json
from adverts.records import encode_line
from graph.clustering import cluster
from graph.engine import DUCKDB, Engine
from graph.slots import explain_template
from graph.templates import Template, Wordings

_FILES: Final = ("members", "links", "networks", "hubs")


def match_templates(adverts: Sequence[Advert]) -> tuple[list[Json], list[Template]]:
    """Return `{"id", "template"}` for each advert in order, the template None when its text stands alone; and those.

    Two records of one id are told apart by their place. A template is named as a linking of the same adverts names it.
    """
    wordings = Wordings((str(index), _join_text(advert)) for index, advert in enumerate(adverts))
    days = [((advert.posted_at or advert.seen_at)[:10], advert.id) for advert in adverts]
    oldest = np.array(sorted(range(len(adverts)), key=days.__getitem__), np.int64)
    templates = wordings.find_templates(np.argsort(oldest))
    names = {member: template.id for template in templates for member in template.members}
    return [{"id": advert.id, "template": names.get(str(index))} for index, advert in enumerate(adverts)], templates


def explain_templates(adverts: Sequence[Advert], templates: Iterable[Template]) -> Iterator[Json]:
    """Yield each template of `match_templates` as `{"template", "size", "text", "slots"}`."""
    for template in templates:
        yield explain_template(template, {member: _join_text(adverts[int(member)]) for member in template.members})


def write_clusters(
    linkables: Linkables, out: Path, decisions: Iterable[Decision] = (), engine: Engine = DUCKDB
) -> Clustering:
    """Write `members`, `links`, `networks` and `hubs.jsonl` to the folder `out`; return what is in them.

    The folder is made if need be. The files appear whole or not at all.
    """
    found = cluster(linkables, decisions, engine=engine)
    out.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        _write_lines(out / f"{name}.jsonl", getattr(found, name))
    for name in _FILES:
        _temporary(out / f"{name}.jsonl").replace(out / f"{name}.jsonl")
    return found


def _join_text(advert: Advert) -> str:
    return f"{advert.title}\n{advert.body}" if advert.title else advert.body


def _write_lines(path: Path, records: Iterable[Any]) -> None:
    with _temporary(path).open("wb") as stream:
        stream.writelines(encode_line(record) for record in records)


def _temporary(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")
