"""Real search servers for tests: started once, shared by the workers of pytest-xdist, stopped by the last to leave."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

HERE: Final = Path(__file__).resolve().parents[1] / "deploy" / "search-server"
KINDS: Final = ("elasticsearch", "opensearch")
_STARTING: Final = 240.0  # seconds, the first fetch of the jars included
_HEAP: Final = "768m"


class NoServer(Exception):  # noqa: N818 -- a fact about the machine
    """A server that could not be started; says why."""


@contextmanager
def shared_server(kind: str, folder: Path) -> Iterator[str]:
    """Give the address of the server of a kind, which all that use the same folder share."""
    with _registry(kind, folder) as entry:
        if not entry.get("users"):
            entry.update(_start(kind))
        entry["users"] = [*entry.get("users", []), os.getpid()]
        address = str(entry["address"])
    try:
        yield address
    finally:
        with _registry(kind, folder) as entry:
            entry["users"].remove(os.getpid())
            if not entry["users"]:
                stop(entry["pid"])
                shutil.rmtree(entry["data"])
                entry.clear()


@contextmanager
def _registry(kind: str, folder: Path) -> Iterator[dict[str, Any]]:
    """Lock and give what is known of a kind's server; what is changed in it is kept."""
    with (folder / f"{kind}.json").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        entry: dict[str, Any] = json.loads(file.read() or "{}")
        entry["users"] = [user for user in entry.get("users", []) if _lives(user)]  # one that was killed left nothing
        try:
            yield entry
        finally:
            file.seek(0)
            file.truncate()
            file.write(json.dumps(entry))


def _start(kind: str) -> dict[str, Any]:
    folder = make_folder()
    server = launch(kind, folder / kind)
    return {"pid": server.pid, "address": server.address, "data": str(folder)}


def make_folder() -> Path:
    """Return a new folder that a server may use which gave up being root."""
    folder = Path(tempfile.mkdtemp(prefix="asw-search-"))
    folder.chmod(0o755)
    return folder


class Server(NamedTuple):
    """A server process of ours and its address."""

    pid: int
    address: str


def launch(kind: str, data: Path, *options: str, port: int | None = None, heap: str = _HEAP) -> Server:
    """Start a server, which outlives this process, and return it once it answers; NoServer says why it does not."""
    data.mkdir(parents=True, exist_ok=True)
    out, errors = data.parent / f"{data.name}.out", data.parent / f"{data.name}.log"
    out.write_text("")
    start = HERE / kind / "start"
    command = [
        *([sys.executable] if kind == "opensearch" else []), str(start), "--port", str(port or free_port()),
        "--data", str(data), "--heap", heap, *options,
    ]  # fmt: skip
    script = '"$@" >"$OUT" 2>"$ERRORS" </dev/null & echo $!'  # no child of ours, so nobody has to wait for it
    started = subprocess.run(
        ["sh", "-c", script, "sh", *command], capture_output=True, text=True, check=True, start_new_session=True,
        env={**os.environ, "OUT": str(out), "ERRORS": str(errors)},
    )  # fmt: skip
    pid = int(started.stdout)
    until = time.monotonic() + _STARTING
    while time.monotonic() < until and _lives(pid):
        if (line := out.read_text()).startswith("ready ") and line.endswith("\n"):
            return Server(pid, line.split()[1])
        time.sleep(0.1)
    stop(pid)
    raise NoServer(
        f"The {kind} server of the tests did not start; it needs Java and Maven, see deploy/search-server. "
        f"It said: {errors.read_text()[-500:]}"
    )


def stop(pid: int, number: int = signal.SIGTERM) -> None:
    """End a server that we started and wait until it is gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
    for _ in range(300):
        if not _lives(pid):
            return
        time.sleep(0.1)
    raise AssertionError(f"the search server {pid} does not end")


def free_port(taken: Collection[int] = ()) -> int:
    """Return a port that is free, and whose hundredth successor is, which OpenSearch talks to its peers on."""
    for port in range(21_000 + os.getpid() % 9_000, 60_000, 7):
        if port in taken or port - 100 in taken or port + 100 in taken:
            continue
        with socket.socket() as one, socket.socket() as other, suppress(OSError):
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 100))
            return port
    raise NoServer("No port is free.")


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
