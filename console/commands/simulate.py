"""`asw simulate world|serve`: a synthetic market with known truth, and the websites that show it."""

import argparse
import sys
from datetime import date
from pathlib import Path

from adverts.settings import Settings
from console.arguments import parse_night
from simulator.websites import serve_world
from simulator.world import write_world

EXAMPLE = "asw simulate world --out market --adverts 3400 --nights 3 --seed 7"
_FIRST_NIGHT = date(2026, 3, 1)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the two actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="world|serve")
    world = actions.add_parser("world", help="make a world: adverts over nights, truth beside them")
    world.add_argument("--out", type=Path, required=True, help="folder to make")
    world.add_argument("--adverts", type=int, default=3_400, help="adverts visible over all nights")
    world.add_argument("--nights", type=int, default=3)
    world.add_argument("--seed", type=int, default=7)
    world.add_argument("--start", type=parse_night, default=_FIRST_NIGHT, help="date of the first night")
    serve = actions.add_parser("serve", help="serve a world as three websites on loopback")
    serve.add_argument("world", type=Path, help="folder that `simulate world` made")
    serve.add_argument("--night", type=int, default=0, help="which night's state to show, from 0")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Make or serve the world."""
    if arguments.action == "world":
        write_world(
            arguments.out, seed=arguments.seed, adverts=arguments.adverts, nights=arguments.nights,
            start=arguments.start,
        )  # fmt: skip
        sys.stderr.write(f"The world is in {arguments.out}. Next: asw simulate serve {arguments.out}\n")
        return 0
    host, _, port = settings.simulator.rpartition(":")
    serve_world(arguments.world, night=arguments.night, host=host, first_port=int(port))
    return 0
