"""How many sessions run in parallel, by the machine's cores and memory, and which sessions a part of a run has."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.request.spread import Shard

SESSION_MEMORY = 600 << 20
"""Memory in bytes that one browser session is expected to need: a renderer, a recording and its share of the browser."""
MOST = 32
"""The most sessions in parallel unless `--at-once` asks for more: one process of ours serves them all."""
PUBLIC = 2
"""The most sessions in parallel on a public target, unless `--at-once` asks for more."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What this process may use: CPU cores, and free memory in bytes (None if unknown)."""

    cores: int
    memory: int | None

    @property
    def bears(self) -> int:
        """How many sessions it bears in parallel; at least 1."""
        by_memory = MOST if self.memory is None else self.memory // SESSION_MEMORY
        return max(1, min(self.cores, by_memory, MOST))

    def __str__(self) -> str:
        cores = f"{self.cores} core{'s' * (self.cores != 1)}"
        return cores if self.memory is None else f"{cores}, {self.memory / (1 << 30):.1f} GB of memory free"


def this_machine(root: Path = Path("/")) -> Machine:
    """Reads the limits of this process: its CPU affinity, and those of its control group (cgroup v2, `cpu.max` and
    `memory.max`) where a container sets some. `root` is the root of the file system."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    group = root / "sys/fs/cgroup"
    quota, _, period = _text(group / "cpu.max").partition(" ")
    if quota.isdigit() and period.isdigit() and int(period):
        cores = max(1, min(cores, int(quota) // int(period)))
    free = [_available(_text(root / "proc/meminfo")), _left_in_group(group)]
    known = [each for each in free if each is not None]
    return Machine(cores, min(known) if known else None)


def _text(path: Path) -> str:
    """The text of a file of the kernel; empty if there is none, as on systems other than Linux."""
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""


def _available(meminfo: str) -> int | None:
    """`MemAvailable` of /proc/meminfo, in bytes."""
    line = next((line for line in meminfo.splitlines() if line.startswith("MemAvailable:")), "")
    number = line.removeprefix("MemAvailable:").removesuffix("kB").strip()
    return int(number) << 10 if number.isdigit() else None


def _left_in_group(group: Path) -> int | None:
    """What the control group may still take, in bytes; None without a limit."""
    most, used = _text(group / "memory.max"), _text(group / "memory.current")
    return max(0, int(most) - int(used)) if most.isdigit() and used.isdigit() else None


def at_once(asked: int | None, sessions: int, machine: Machine, *, public: bool) -> int:
    """How many of a run's sessions run in parallel: `asked`, or what the machine bears.

    On a public target, it is at most `PUBLIC` unless more were asked for."""
    bears = min(machine.bears, PUBLIC) if public else machine.bears
    return max(1, min(asked or bears, sessions))


def share(asked: int | None, machine: Machine, runs: int, *, public: bool) -> int:
    """How many sessions one of several runs on a machine may have in parallel: `asked`, or its share of what the machine
    bears, but at least `PUBLIC`, because the other runs may be over. `runs` is how many runs may go on at once."""
    fair = max(PUBLIC, machine.bears // runs)
    return asked or (min(fair, PUBLIC) if public else fair)


def planned(devices: Sequence[str], personas: Sequence[str], shard: Shard | None) -> list[tuple[str, str]]:
    """The sessions of a run as (device, persona), in their order. With a shard, only the sessions that belong to it.

    The order depends on nothing but the two lists, so all machines split a run alike."""
    every = [(device, persona) for device in devices for persona in personas]
    return [each for n, each in enumerate(every) if shard is None or shard.takes(n)]
