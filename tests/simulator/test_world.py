import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from adverts.errors import StopRun
from simulator.world import ADVERTS, INFO, TRUTH, read_world, write_world

START = date(2026, 3, 1)


def _read_bytes(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in (INFO, ADVERTS, TRUTH)]


def _call(folder: Path, arguments: str) -> list[str]:
    code = f"from simulator.world import *; write_world(Path({str(folder)!r}), {arguments}, start=date(2026, 3, 1))"
    return [sys.executable, "-c", code]


def test_the_same_seed_gives_the_same_bytes_in_every_process_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("c", 8)):
        write_world(tmp_path / name, seed=seed, adverts=400, nights=3, start=START)
    environment = {**os.environ, "PYTHONHASHSEED": "4711"}
    subprocess.run(_call(tmp_path / "b", "seed=7, adverts=400, nights=3"), env=environment, check=True)
    assert _read_bytes(tmp_path / "a") == _read_bytes(tmp_path / "b")
    assert _read_bytes(tmp_path / "a")[1] != _read_bytes(tmp_path / "c")[1]


def test_a_world_reads_back_whole(tmp_path: Path) -> None:
    summary = write_world(tmp_path / "w", seed=7, adverts=400, nights=3, start=START)
    world = read_world(tmp_path / "w")
    assert world.info.nights == (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3))
    assert summary.adverts == 400
    shown = {(version.site, version.ref) for version in world.iter_versions()}
    known = {(truth.site, truth.ref) for truth in world.iter_truths()}
    assert shown == known
    assert len(known) == 400
    assert all(version.to_advert().id for version in world.iter_versions())


def test_a_killed_write_leaves_nothing_and_a_second_one_replaces(tmp_path: Path) -> None:
    (tmp_path / ".w.partial").mkdir()
    (tmp_path / ".w.partial" / ADVERTS).write_text("half a li")
    with pytest.raises(StopRun, match="no world folder"):
        read_world(tmp_path / "w")
    write_world(tmp_path / "w", seed=1, adverts=50, nights=1, start=START)
    write_world(tmp_path / "w", seed=2, adverts=60, nights=1, start=START)
    assert read_world(tmp_path / "w").info.adverts == 60
    assert [path.name for path in tmp_path.iterdir()] == ["w"]


def test_an_older_world_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    write_world(tmp_path / "w", seed=1, adverts=50, nights=1, start=START)
    before = _read_bytes(tmp_path / "w")
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))  # as a disk that fills up
    try:
        with pytest.raises(StopRun, match="cannot be written"):
            write_world(tmp_path / "w", seed=2, adverts=500, nights=1, start=START)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert _read_bytes(tmp_path / "w") == before
    assert [path.name for path in tmp_path.iterdir()] == ["w"]


def test_the_working_folder_can_hold_the_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    write_world(Path(), seed=1, adverts=50, nights=1, start=START)
    assert read_world(tmp_path / "here").info.adverts == 50


def test_a_folder_with_other_things_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.txt").write_text("miaow")
    with pytest.raises(StopRun, match="something else") as stop:
        write_world(tmp_path / "photos", seed=1, adverts=50, nights=1, start=START)
    assert stop.value.code == 2
    assert (tmp_path / "photos" / "cat.txt").read_text() == "miaow"


@pytest.mark.parametrize(("adverts", "nights"), [(0, 3), (5, 0)])
def test_a_world_of_nothing_is_refused(tmp_path: Path, adverts: int, nights: int) -> None:
    with pytest.raises(StopRun, match="at least one"):
        write_world(tmp_path / "w", seed=1, adverts=adverts, nights=nights, start=START)


def test_damage_is_named(tmp_path: Path) -> None:
    write_world(tmp_path / "w", seed=1, adverts=50, nights=1, start=START)
    path = tmp_path / "w" / TRUTH
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    with pytest.raises(StopRun, match="49 lines where 50"):
        list(read_world(tmp_path / "w").iter_truths())
    path.write_bytes(b"".join(lines[:10]) + b"{oh dear\n")
    with pytest.raises(StopRun, match="line 11"):
        list(read_world(tmp_path / "w").iter_truths())
    path.write_bytes(b'{"id": "\xff"}\n')
    with pytest.raises(StopRun, match="line 1"):
        list(read_world(tmp_path / "w").iter_truths())
    path.unlink()
    with pytest.raises(StopRun, match="is not whole"):
        read_world(tmp_path / "w")
    (tmp_path / "w" / INFO).write_text('{"format": 99}')
    with pytest.raises(StopRun, match="cannot be read"):
        read_world(tmp_path / "w")


def test_a_write_that_is_killed_leaves_no_world_and_the_next_one_succeeds(tmp_path: Path) -> None:
    partial = tmp_path / ".w.partial" / ADVERTS
    with subprocess.Popen(_call(tmp_path / "w", "seed=1, adverts=10**6, nights=3")) as child:
        deadline = time.monotonic() + 60
        while not (partial.is_file() and partial.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.05)
        child.kill()
    assert partial.stat().st_size
    assert not (tmp_path / "w").exists()
    write_world(tmp_path / "w", seed=1, adverts=50, nights=1, start=START)
    assert [path.name for path in tmp_path.iterdir()] == ["w"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StopRun, match="cannot be written"):
        write_world(tmp_path / "file" / "w", seed=1, adverts=50, nights=1, start=START)


@pytest.mark.parametrize("adverts", [1, 59, 61, 259, 260, 700])
def test_a_world_has_exactly_the_adverts_asked_for(tmp_path: Path, adverts: int) -> None:
    write_world(tmp_path / "w", seed=3, adverts=adverts, nights=9, start=START)
    world = read_world(tmp_path / "w")
    assert len({truth.id for truth in world.iter_truths()}) == adverts
    assert len({(version.site, version.ref) for version in world.iter_versions()}) == adverts
