"""The demo: a simulated market on loopback, three nights of the real pipeline, and what it found in plain words."""

import dataclasses
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.settings import Settings
from adverts.store import Store, iter_rows
from adverts.store.schema import adverts, members, networks
from console.nightly import run_night
from console.opening import open_for_writing
from console.scorecard import Scorecard, score_networks
from console.web.pages.networks import TRIAGE_LEVEL, build_networks_page
from simulator.websites import Market
from simulator.world import read_world, write_world

SEED = 7
ADVERTS = 3_400
NIGHTS = 3
FIRST_NIGHT = date(2026, 3, 1)
_SHOWN_NETWORKS = 5
_SHOWN_FORCES = 3

Say = Callable[[str], None]


def demo_settings(settings: Settings) -> Settings:
    """Return settings for the demo: its own folder below `home`, the embedded store and index, a stated purpose."""
    return dataclasses.replace(
        settings,
        home=settings.home / "demo",
        database="",
        search="",
        lawful_basis="Demonstration on a simulated market; no person's data",
        policy_reference="none needed: synthetic data",
    )


@dataclasses.dataclass(frozen=True)
class DemoResult:
    """What the demo came to: its scorecard, and each failure in a sentence."""

    card: Scorecard
    failures: list[str]


def run_demo(settings: Settings, say: Say, *, advert_count: int = ADVERTS, night_count: int = NIGHTS) -> DemoResult:
    """Run the whole demo afresh below `settings.home`; `say` gets what a person reads."""
    _clear(settings.home)
    folder = settings.home / "world"
    say(f"Making a market of {advert_count:,} adverts over {night_count} nights, with known truth.")
    say("Three minutes in all on 2 cores; then what was found, judged against that truth.")
    write_world(folder, seed=SEED, adverts=advert_count, nights=night_count, start=FIRST_NIGHT)
    world = read_world(folder)
    nights = world.info.nights
    failures: list[str] = []
    with Market(folder, host="127.0.0.1", first_port=0) as market, open_for_writing(settings) as store:
        served = dataclasses.replace(settings, simulator=f"{market.host}:{market.first_port}")
        for number, night in enumerate(nights):
            market.night = number
            say(f"Night {number + 1} of {len(nights)}, {night}: crawl, enrich, link, index ...")
            report = run_night(store, served, night)
            failures.extend(report.failures)
            for failure in report.failures:
                say(f"  failed: {failure}")
        _say_findings(store, say)
        card = score_networks(read_networks(store), world.iter_truths())
    say("\nScorecard against the simulator's truth")
    for sentence in card.to_sentences():
        say(f"  {sentence}")
    return DemoResult(card, failures)


def read_networks(store: Store) -> dict[str, str | None]:
    """Return the network of every advert in the store, None for one that stands alone."""
    query = sa.select(adverts.c.id, members.c.network_id).outerjoin(members, members.c.advert_id == adverts.c.id)
    with store.connect() as connection:
        return {row.id: row.network_id for rows in iter_rows(connection, query) for row in rows}


def _clear(home: Path) -> None:
    """Remove what an earlier demo left; refuse a folder that is no demo's."""
    if not home.exists():
        return
    if not any((home / name).exists() for name in ("world", ".world.partial")):
        raise StopRun(f"{home} exists and holds no earlier demo. Move it away, or set ASW_HOME elsewhere.", code=2)
    shutil.rmtree(home)


def _say_findings(store: Store, say: Say) -> None:
    with store.connect() as connection:
        page = build_networks_page(connection, "several", "triage", 1)
        level = TRIAGE_LEVEL.label("level")
        levels = connection.execute(
            sa.select(level, sa.func.count()).where(networks.c.persona_count > 1).group_by(level)
        ).all()
    count = {str(name): number for name, number in levels}
    alert, review = count.get("alert", 0), count.get("review", 0)
    say(
        f"\nFound {page.several:,} candidate linked networks of several personas, and {page.one:,} persons with several"
    )
    say(
        f"adverts. By the stated triage rule {alert} networks are to be read first, {review} to be reviewed. The first:"
    )
    for row in page.networks[:_SHOWN_NETWORKS]:
        held_by = ", ".join(f"{holder.caption} ({holder.share:.0%})" for holder in row.held_by) or "nothing alone"
        where = ", ".join(row.forces[:_SHOWN_FORCES]) + (" ..." if len(row.forces) > _SHOWN_FORCES else "")
        say(f"  {row.id}: {row.size} adverts, {row.personas} personas; held by {held_by}; {where or 'no force known'}")
