"""Running the console on this machine's loopback until Ctrl-C."""

import socket
import sys
from contextlib import closing
from typing import Final

import uvicorn

from adverts.errors import StopRun
from adverts.logs import configure_logs
from adverts.settings import Settings
from adverts.store import Store
from console.web.app import create_app
from console.web.sessions import make_token
from indexer.providers.base import Providers

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def serve(store: Store, providers: Providers, settings: Settings) -> None:
    """Serve the console until Ctrl-C; the one-time sign-in link goes to standard error.

    StopRun (2) when the address is not loopback, (1) when the port is taken.
    """
    configure_logs(settings.log_level)
    token = make_token()
    with closing(open_socket(settings.host, settings.port)) as listening:
        port = listening.getsockname()[1]
        name = f"[{settings.host}]" if ":" in settings.host else settings.host
        sys.stderr.write(
            f"The console is at http://{name}:{port}. Sign in once, with this link:\n\n"
            f"    http://{name}:{port}/sign-in?token={token}\n\n"
            "Ctrl-C stops it.\n"
        )
        sys.stderr.flush()
        server = make_server(store, providers, settings, token)
        try:
            server.run(sockets=[listening])
        except KeyboardInterrupt:
            sys.stderr.write("The console has stopped.\n")


def make_server(store: Store, providers: Providers, settings: Settings, token: str) -> uvicorn.Server:
    """Return the web server, not started. It keeps no access log: addresses hold what people search for."""
    app = create_app(store, providers, settings, token)
    return uvicorn.Server(
        uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, lifespan="off", ws="none",
            timeout_graceful_shutdown=5,
        )
    )  # fmt: skip


def open_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens on loopback; port 0 takes a free one."""
    if host not in LOOPBACK:
        raise StopRun(
            f"The console listens on this machine only, and ASW_HOST is {host}. It has no TLS and one sign-in link; "
            "set ASW_HOST to 127.0.0.1, and reach it from elsewhere through an SSH tunnel.",
            code=2,
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Without the protocol's number asyncio leaves Nagle's delay on: each answer then took 40 ms longer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise StopRun(
            f"Port {port} of {host} cannot be used: {error.strerror}. Stop what listens there, or set ASW_PORT "
            "(0 takes a free one)."
        ) from error
    return listening
