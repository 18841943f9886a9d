"""`asw serve`: the web console on loopback."""

import argparse

from adverts.settings import Settings
from console.opening import open_for_reading
from console.web.server import serve
from indexer.stage import open_providers

EXAMPLE = "ASW_PORT=9000 asw serve"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add nothing: address and port are settings."""


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Serve until interrupted."""
    return serve_store(settings)


def serve_store(settings: Settings) -> int:
    """Serve the console on the settings' store and index."""
    with open_for_reading(settings) as store, open_providers(settings) as providers:
        serve(store, providers, settings)
    return 0
