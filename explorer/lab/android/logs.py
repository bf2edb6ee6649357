"""The virtual device's log: four buffers, the formats of `logcat`, and readers that follow new lines."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

BUFFERS = ("main", "system", "crash", "events")
DEFAULT_BUFFERS = ("main", "system", "crash")
MAX_PAYLOAD = 4068
"""liblog's LOGGER_ENTRY_MAX_PAYLOAD in bytes. Android truncates longer entries."""


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    time: float
    buffer: str
    pid: int
    tid: int
    priority: str
    tag: str
    text: str


class Log:
    """The log of the virtual device.

    `clock` returns the device's time in seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float], size: int = 20_000) -> None:
        self._clock = clock
        self._lines: deque[Line] = deque(maxlen=size)
        self._count = 0
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self.stalled = False
        """A simulated fault: while it is set, readers that follow the log get no lines."""

    def write(self, priority: str, tag: str, pid: int, text: str, *, tid: int = 0, buffer: str = "main") -> None:
        """Add one entry. As in liblog, each line of its text becomes a line of the log with the same header."""
        now = self._clock()
        for line in text[:MAX_PAYLOAD].rstrip("\n").split("\n"):
            self._count += 1
            self._lines.append(Line(self._count, now, buffer, pid, tid or pid, priority, tag, line))
        task = asyncio.get_running_loop().create_task(self._wake())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def throwable(self, tag: str, pid: int, text: str, *, tid: int = 0, priority: str = "W") -> None:
        """Add a stack trace. As `android.util.Log` does, it is split into several entries if it exceeds one payload."""
        part = ""
        for line in text.split("\n"):
            if len(part) + len(line) > MAX_PAYLOAD - 100:
                self.write(priority, tag, pid, part, tid=tid)
                part = ""
            part += line + "\n"
        self.write(priority, tag, pid, part, tid=tid)

    def since(self, number: int, buffers: tuple[str, ...]) -> list[Line]:
        return [line for line in self._lines if line.number > number and line.buffer in buffers]

    @property
    def last(self) -> int:
        return self._count

    def clear(self) -> None:
        self._lines.clear()

    async def wait(self, number: int) -> None:
        """Wait until there is a line after `number` and the log is not stalled."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._count > number and not self.stalled)

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def resume(self) -> None:
        self.stalled = False
        self.write("I", "logd", 1, "logd: resumed", buffer="system")


def render(line: Line, formats: set[str]) -> str:
    """One line as `logcat -v` prints it, in a format with modifiers (`epoch`, `year`, `UTC`)."""
    zone = time.gmtime if "UTC" in formats else time.localtime
    if "epoch" in formats:
        stamp = f"{line.time:.3f}"
    else:
        stamp = time.strftime("%Y-%m-%d %H:%M:%S" if "year" in formats else "%m-%d %H:%M:%S", zone(line.time))
        stamp += f".{int(line.time * 1000) % 1000:03d}"
    if "brief" in formats:
        return f"{line.priority}/{line.tag:<8}({line.pid:5d}): {line.text}\n"
    if "time" in formats:
        return f"{stamp} {line.priority}/{line.tag:<8}({line.pid:5d}): {line.text}\n"
    if "long" in formats:
        return f"[ {stamp} {line.pid:5d}:{line.tid:5d} {line.priority}/{line.tag:<8} ]\n{line.text}\n\n"
    return f"{stamp} {line.pid:5d} {line.tid:5d} {line.priority} {line.tag:<8}: {line.text}\n"
