"""Did last night run: the runs with counts, failures and duration, and each compared with the one before it."""

from collections import Counter
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response

from adverts.quarantine import count_states, count_unread
from adverts.store.schema import runs
from console.web.pages.errors import show_error
from console.web.render import Page, get_console, render_page

_MOST_RUNS: Final = 120
_LISTED: Final = sa.select(runs).where(runs.c.stage != "decide").order_by(runs.c.night.desc(), runs.c.id.desc())
_LARGEST_ID: Final = 2**31 - 1
_HEADLINES: Final = {
    "crawl": {"adverts": "adverts", "advert/new": "new", "advert/changed": "changed", "captures": "captures",
              "http/404": "not found", "retries": "retries"},
    "enrich": {"version": "versions enriched", "found/phone": "phones", "found/email": "e-mails",
               "version/failed": "failed", "quarantine/adverts": "put into quarantine"},
    "link": {"networks": "networks", "adverts/in_network": "adverts in them", "links": "links",
             "unchanged": "adverts, unchanged since the last run"},
    "index": {"adverts/indexed": "adverts indexed", "adverts/erased": "erased",
              "adverts/quarantined": "kept out", "adverts/unread": "kept out unread", "indexes/built": "built anew"},
}  # fmt: skip
"""What an operator asks of each stage first, in this order; the page of a run has every count."""
_OF_A_NIGHT: Final = {
    ("crawl", "adverts"): "adverts", ("crawl", "advert/new"): "new", ("crawl", "advert/changed"): "changed",
    ("enrich", "version"): "versions enriched", ("link", "networks"): "networks",
    ("index", "adverts/indexed"): "adverts indexed", ("quarantine", "awaiting"): "await the child-protection officer",
    ("quarantine", "unread"): "held back unread",
}  # fmt: skip
"""The same of a whole night, whose counts are named `crawl SITE/advert/new`: the sites are added up."""


class RunRow(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one stage."""

    id: int
    stage: str
    site: str
    night: date
    status: str
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, int]
    failures: list[str]
    code_version: str

    @property
    def seconds(self) -> float | None:
        """Return how long it took; None while it runs."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None

    @property
    def headlines(self) -> list[tuple[str, int]]:
        """Return the counts that an operator asks for, in words; a stage that nobody wrote about gives none."""
        if self.stage == "nightly":
            return self._sum_headlines()
        wanted = _HEADLINES.get(self.stage, {})
        return [(words, self.counts[name]) for name, words in wanted.items() if name in self.counts]

    def _sum_headlines(self) -> list[tuple[str, int]]:
        sums: Counter[tuple[str, str]] = Counter()
        for (group, name), count in ((split_count(name, "nightly"), count) for name, count in self.counts.items()):
            sums[group.partition(" ")[0], name] += count
        return [(words, sums[key]) for key, words in _OF_A_NIGHT.items() if key in sums]


class Night(msgspec.Struct, frozen=True):
    """The runs of one logical night, newest first."""

    night: date
    runs: list[RunRow]

    @property
    def failures(self) -> int:
        """Return how many failures its stages named; the whole night's own run repeats them and is not counted."""
        return sum(len(run.failures) for run in self.runs if run.stage != "nightly")

    @property
    def status(self) -> str:
        """Return the worst state of its newest run of each stage and site."""
        newest = {(run.stage, run.site): run.status for run in reversed(self.runs)}
        order = ("failed", "interrupted", "running", "partial", "done")
        return min(newest.values(), key=lambda status: order.index(status) if status in order else 0)


class RunsPage(Page, frozen=True, kw_only=True):
    """The last nights, and the numbers of adverts that are held back.

    `awaiting` counts those that await the child-protection officer, `unread` those that await `asw enrich`.
    """

    nights: list[Night]
    awaiting: int
    unread: int


class Comparison(msgspec.Struct, frozen=True):
    """One count now and in the run before, None where that run had no such count; `label` is its name in `group`."""

    name: str
    group: str
    label: str
    count: int
    before: int | None

    @property
    def change(self) -> int | None:
        """Return the difference."""
        return None if self.before is None else self.count - self.before


class RunPage(Page, frozen=True, kw_only=True):
    """One run, its counts beside those of the run before it of the same stage and site."""

    run: RunRow
    before: int | None
    comparisons: list[Comparison]

    @property
    def groups(self) -> list[tuple[str, list[Comparison]]]:
        """Return the comparisons by what they count."""
        return [(group, list(rows)) for group, rows in groupby(self.comparisons, key=lambda row: row.group)]


def show_runs(request: Request) -> Response:
    """Answer `/runs`."""
    with get_console(request).store.connect() as connection:
        rows = connection.execute(_LISTED.limit(_MOST_RUNS))
        found = [_row(row) for row in rows]
        awaiting, unread = count_states(connection)["open"], count_unread(connection)
    nights = [Night(night, list(group)) for night, group in groupby(found, key=lambda run: run.night)]
    return render_page(request, "runs.html", RunsPage(title="Runs", nights=nights, awaiting=awaiting, unread=unread))


def show_run(request: Request) -> Response:
    """Answer `/runs/<id>`."""
    wanted = min(request.path_params["id"], _LARGEST_ID)  # a longer number is no id, and the driver cannot take it
    with get_console(request).store.connect() as connection:
        row = connection.execute(sa.select(runs).where(runs.c.id == wanted)).first()
        before = connection.execute(_before_query(row)).first() if row else None
    if row is None:
        return show_error(request, 404)
    run = _row(row)
    page = RunPage(
        title=f"Run {run.id}: {run.stage} {run.site}".rstrip(),
        run=run, before=before.id if before else None,
        comparisons=compare_counts(run.stage, run.counts, before.counts if before else {}),
    )  # fmt: skip
    return render_page(request, "run.html", page)


def compare_counts(stage: str, now: dict[str, int], before: dict[str, int]) -> list[Comparison]:
    """Return every count of either run, by group and name."""
    names = sorted((*split_count(name, stage), name) for name in {*now, *before})
    return [Comparison(name, group, label, now.get(name, 0), before.get(name)) for group, label, name in names]


def split_count(name: str, stage: str) -> tuple[str, str]:
    """Return a count's group and its name within: `field/age/missing` is `age/missing` of `field`.

    The group of a whole night's count is the stage that counted it, with its site.
    """
    group, _, rest = name.partition("/")
    if rest or stage == "nightly":
        return group, rest
    return "", name


def _before_query(row: sa.Row[Any]) -> sa.Select[Any]:
    return (
        sa.select(runs.c.id, runs.c.counts)
        .where(runs.c.stage == row.stage, runs.c.site == row.site, runs.c.id < row.id)
        .where(runs.c.status.in_(("done", "partial")))
        .order_by(runs.c.id.desc())
        .limit(1)
    )


def _row(row: sa.Row[Any]) -> RunRow:
    return RunRow(**{name: getattr(row, name) for name in RunRow.__struct_fields__})
