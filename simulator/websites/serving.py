"""The three sites at consecutive ports of one address, answered by one thread of this process."""

import asyncio
import signal
import socket
import sys
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from adverts.errors import StopRun
from simulator.records import SITES, WorldVersion
from simulator.websites.bazaar import Bazaar
from simulator.websites.catalogue import Catalogue
from simulator.websites.lantern import Lantern
from simulator.websites.northgate import Northgate
from simulator.world import read_world

_TRIES: Final = 50  # for three free ports in a row
_STOP_SECONDS: Final = 10

SiteApp = Northgate | Bazaar | Lantern


class Market:
    """A world's sites while the context is open; `night` may be set at any time, by index into the world's nights.

    `first_port` 0 takes three free ports in a row. `hits` counts requests by (site, path). StopRun (2) when the
    world cannot be read, the night is not one of it or the ports are taken.
    """

    def __init__(self, world: Path, *, night: int = 0, host: str = "127.0.0.1", first_port: int = 0) -> None:
        found = read_world(world)
        self.host = host
        self.first_port = first_port
        self.nights = found.info.nights
        self.hits: Counter[tuple[str, str]] = Counter()
        self._versions: dict[str, list[WorldVersion]] = {site: [] for site in SITES}
        for version in found.iter_versions():
            self._versions[version.site].append(version)
        self._apps: dict[str, SiteApp] = {}
        self._servers: list[uvicorn.Server] = []
        self._thread: threading.Thread | None = None
        self.night = night

    @property
    def night(self) -> int:
        """The night whose adverts are shown."""
        return self._night

    @night.setter
    def night(self, night: int) -> None:
        if not 0 <= night < len(self.nights):
            raise StopRun(f"The world has the nights 0 to {len(self.nights) - 1}, not {night}.", code=2)
        self._night = night
        catalogues = {site: Catalogue(versions, night) for site, versions in self._versions.items()}
        if not self._apps:
            self._apps = {
                "northgate": Northgate(catalogues["northgate"]),
                "bazaar": Bazaar(catalogues["bazaar"]),
                "lantern": Lantern(catalogues["lantern"]),
            }
        for site, app in self._apps.items():
            app.show_night(catalogues[site], night)

    def __enter__(self) -> Self:
        sockets = _bind(self.host, self.first_port)
        self.first_port = sockets[0].getsockname()[1]
        self._servers = [_make_server(_HitCounter(site, app.app, self.hits)) for site, app in self._apps.items()]
        self._thread = threading.Thread(target=self._serve, args=(sockets,), name="market", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.should_exit = True
        if self._thread is not None:
            self._thread.join(_STOP_SECONDS)

    def wait(self) -> None:
        """Return when serving has ended."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.5)

    def _serve(self, sockets: list[socket.socket]) -> None:
        async def serve_all() -> None:
            pairs = zip(self._servers, sockets, strict=True)
            await asyncio.gather(*(server.serve(sockets=[bound]) for server, bound in pairs))

        asyncio.run(serve_all())


class _HitCounter:
    """Counts what was asked for, so that a test can see that robots.txt was obeyed and no picture was fetched."""

    def __init__(self, site: str, app: ASGIApp, hits: Counter[tuple[str, str]]) -> None:
        self.site, self.app, self.hits = site, app, hits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.hits[self.site, scope.get("path", "")] += 1
        await self.app(scope, receive, send)


def serve_world(world_dir: Path, *, night: int = 0, host: str = "127.0.0.1", first_port: int = 0) -> None:
    """Serve a world until the process is interrupted."""
    with Market(world_dir, night=night, host=host, first_port=first_port) as market, suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        for number, site in enumerate(SITES):
            sys.stderr.write(f"{site}: http://{host}:{market.first_port + number}/\n")
        sys.stderr.write(f"Showing night {night}, {market.nights[night]}. Stop with Ctrl-C.\n")
        market.wait()


def _make_server(app: ASGIApp) -> uvicorn.Server:
    config = uvicorn.Config(
        app, log_config=None, log_level="critical", access_log=False, lifespan="off", ws="none", http="h11",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    return uvicorn.Server(config)


def _bind(host: str, first_port: int) -> list[socket.socket]:
    for _ in range(1 if first_port else _TRIES):
        sockets: list[socket.socket] = []
        try:
            sockets.append(_listen(host, first_port))
            first = sockets[0].getsockname()[1]
            sockets += [_listen(host, first + number) for number in range(1, len(SITES))]
        except (OSError, OverflowError) as error:
            for bound in sockets:
                bound.close()
            reason = error
        else:
            return sockets
    raise StopRun(
        f"The websites cannot listen on {host}, port {first_port or 'any'} and the two after it: {reason}. Set "
        "ASW_SIMULATOR to another HOST:PORT.",
        code=2,
    )


def _listen(host: str, port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(128)
    except (OSError, OverflowError):
        bound.close()
        raise
    return bound
