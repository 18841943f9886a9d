"""The demo: a simulated market on loopback, three nights of the real pipeline, and what it found in plain words."""

import dataclasses
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from adverts.errors import StopRun
from adverts.model import Json
from adverts.settings import Settings
from adverts.store import Store, iter_rows
from adverts.store.schema import adverts, members, networks
from console.nightly import run_night
from console.opening import open_for_writing
from console.scorecard import Scorecard, score_networks
from simulator.websites import Market
from simulator.world import read_world, write_world

SEED = 7
ADVERTS = 3_400
NIGHTS = 3
FIRST_NIGHT = date(2026, 3, 1)
_SHOWN_NETWORKS = 5

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


def run_demo(settings: Settings, say: Say) -> Scorecard:
    """Run the whole demo afresh below `settings.home` and return its scorecard; `say` gets what a person reads."""
    _clear(settings.home)
    folder = settings.home / "world"
    say(
        f"Making a market of {ADVERTS:,} adverts over {NIGHTS} nights, with known truth (some three minutes in all) ..."
    )
    write_world(folder, seed=SEED, adverts=ADVERTS, nights=NIGHTS, start=FIRST_NIGHT)
    world = read_world(folder)
    nights = world.info.nights
    with Market(folder, host="127.0.0.1", first_port=0) as market, open_for_writing(settings) as store:
        served = dataclasses.replace(settings, simulator=f"{market.host}:{market.first_port}")
        for number, night in enumerate(nights):
            market.night = number
            say(f"Night {number + 1} of {len(nights)}, {night}: crawl, enrich, link, index ...")
            report = run_night(store, served, night)
            for failure in report.failures:
                say(f"  failed: {failure}")
        _say_findings(store, say)
        card = score_networks(read_networks(store), world.iter_truths())
    say("\nScorecard against the simulator's truth")
    for sentence in card.to_sentences():
        say(f"  {sentence}")
    return card


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
        several = connection.execute(sa.select(sa.func.count()).where(networks.c.persona_count > 1)).scalar_one()
        one = connection.execute(sa.select(sa.func.count()).where(networks.c.persona_count <= 1)).scalar_one()
        largest = connection.execute(
            sa.select(networks).order_by(networks.c.persona_count.desc(), networks.c.id).limit(_SHOWN_NETWORKS)
        ).all()
    say(f"\nFound {several:,} candidate linked networks of several personas, and {one:,} persons with several adverts.")
    say("The networks with most personas:")
    for row in largest:
        say(f"  {row.id}: {row.size} adverts, {row.persona_count} personas, {_describe(row.summary)}")


def _describe(summary: Json) -> str:
    kinds = [str(identifier["kind"]) for identifier in summary["identifiers"]]
    phones = kinds.count("phone")
    where = ", ".join(summary["regions"]) or "no region known"
    return f"{phones} phone{'s' * (phones != 1)}, {len(kinds)} identifiers in all; {where}"
