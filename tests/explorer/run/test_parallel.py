"""How many sessions run at once, and which of them a part of a run has."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.request.spread import Shard
from explorer.run.parallel import Machine, at_once, planned, share, this_machine

GB = 1 << 30


@pytest.mark.parametrize(
    ("asked", "sessions", "cores", "memory", "public", "wanted"),
    [
        (None, 60, 8, 64 * GB, False, 8),
        (None, 60, 8, 2 * GB, False, 3),  # the memory is the limit
        (None, 60, 64, 512 * GB, False, 32),
        (None, 60, 8, None, False, 8),
        (None, 60, 8, 64 * GB, True, 2),  # manners
        (None, 1, 8, 64 * GB, False, 1),
        (None, 60, 1, 100 << 20, False, 1),
        (5, 60, 8, 64 * GB, True, 5),
        (40, 60, 8, GB, False, 40),
    ],
)
def test_a_run_takes_what_the_machine_bears_unless_it_is_asked_otherwise(
    asked: int | None, sessions: int, cores: int, memory: int | None, public: bool, wanted: int
) -> None:
    assert at_once(asked, sessions, Machine(cores, memory), public=public) == wanted


def test_runs_side_by_side_share_what_the_machine_bears() -> None:
    machine = Machine(32, 64 * GB)
    assert share(None, machine, 8, public=False) == 4
    assert share(None, machine, 64, public=False) == 2, "the others may be over"
    assert share(None, machine, 2, public=True) == 2
    assert share(6, machine, 8, public=True) == 6


def test_a_container_s_limits_count(tmp_path: Path) -> None:
    group = tmp_path / "sys/fs/cgroup"
    group.mkdir(parents=True)
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal: 64000000 kB\nMemAvailable:   8388608 kB\n")
    assert this_machine(tmp_path).memory == 8 * GB
    for name, text in (("cpu.max", "150000 100000"), ("memory.max", str(3 * GB)), ("memory.current", str(GB))):
        (group / name).write_text(f"{text}\n")
    assert this_machine(tmp_path) == Machine(1, 2 * GB)
    for name in ("cpu.max", "memory.max"):
        (group / name).write_text("max 100000\n" if name == "cpu.max" else "max\n")
    assert this_machine(tmp_path).memory == 8 * GB


def test_a_system_that_tells_no_memory_is_judged_by_its_cores(tmp_path: Path) -> None:
    machine = this_machine(tmp_path)
    assert machine.memory is None
    assert machine.bears >= 1


def test_the_parts_of_a_run_are_the_whole_run_each_session_once() -> None:
    devices, personas = ("desktop", "phone", "firefox"), ("curious", "novice", "student")
    whole = planned(devices, personas, None)
    parts = [planned(devices, personas, Shard(n, 4)) for n in (1, 2, 3, 4)]
    assert sorted(each for part in parts for each in part) == sorted(whole)
    assert [len(part) for part in parts] == [3, 2, 2, 2]
    assert planned(devices, personas, Shard(2, 4)) == parts[1], "every machine splits alike"
