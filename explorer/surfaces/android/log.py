"""Follows a device's log over adb and makes records of its lines.

Each record names the process and has the time by the clock of this machine. Lines that one thread writes without a
pause become one record (`kind` «line», with the raw lines in `data["text"]`), because the reason for an exception is
often on a later line. `explorer.monitors.logs.logcat` interprets these records. The other kinds are `clock` (the offset
of the device's clock), `gap` (lines may be missing), `crash` (the app crashed) and `anr` (it stopped responding).
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from explorer.devices.android.server import adb_stream, shell
from explorer.devices.android.tools import AndroidError
from flows.record import Record

BURST = 0.15
"""Seconds of silence after which a thread's record is complete."""
RETRY = 1.0
SILENT = 3.0
"""Seconds without any line after which we write one ourselves, to see whether the stream still works."""
ANSWER = 2.0
"""Seconds in which our own line must arrive. Otherwise the stream has stalled."""
JUMP = 2.0
"""Seconds. A smaller change of the device's clock is a matter of how it was measured."""
AHEAD = 5.0
"""Seconds by which the time of a line may be ahead of the device's clock.

A line that is further ahead was written before the clock was set back, and is skipped."""
MARK = "trustwalk"
MAX_LINES = 600
_LINE = re.compile(
    r"\s*(?P<time>\d{6,12}\.\d+)\s+(?P<pid>\d+)\s+(?P<tid>\d+) (?P<level>[VDIWEFAS]) (?P<tag>.*?)\s*: ?(?P<text>.*)"
)
_STARTED = re.compile(r"Start proc (\d+):(\S+?)/\S+ for|\[\d+,(\d+),\d+,([^,\]]+),")
_DIED = re.compile(r"\[\d+,\d+,([\w.:]+),")
"""The process of an `am_crash` (process id, user, name) or `am_anr` (user, process id, name) event (AOSP, `EventLogTags`)."""
_HELPERS = ("sandboxed_process", "webview")
"""Parts of the names of processes that render WebViews. Their lines are kept, too."""


@dataclass(slots=True)
class _Burst:
    time: float
    pid: str
    tid: str
    tag: str
    level: str
    package: str
    heard: float
    lines: list[str] = field(default_factory=list)


class LogFollower:
    """Follows one device's log for one session. `package` is the name of the app's package; `clock` returns the time
    of this machine."""

    def __init__(self, port: int, serial: str, package: str, clock: Callable[[], float] = time.time) -> None:
        self._port, self._serial, self._package, self._clock = port, serial, package, clock
        self._records: list[Record] = []
        self._pids: dict[str, str] = {}
        self._bursts: dict[tuple[str, str, str], _Burst] = {}
        self._task: asyncio.Task[None] | None = None
        self._asked: asyncio.Task[None] | None = None
        self._last = ""
        self._heard = 0.0
        self._mark = ""
        self._caught_up = False
        self.offset = 0.0
        """Seconds that the device's clock is ahead of ours."""
        self.connected = False
        self.crashed = ""
        """`crash` or `anr` after the app crashed or stopped responding; the next action clears it."""

    async def start(self) -> None:
        """Measure the clock, find the app's processes and follow the log. Raises AndroidError if the device is gone."""
        await self.measure_clock()
        now = f"{self._clock() + self.offset:.3f}"
        found = await shell(self._port, self._serial, f"pidof {self._package}")
        self._pids |= dict.fromkeys(found.split(), self._package)
        self._last, self._heard = now, self._clock()
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def measure_clock(self) -> None:
        """Measure the offset of the device's clock by the fastest of three queries, and record it.

        The record is evidence, because a wrong clock can make a device refuse valid certificates."""
        best = await self._offset(3)
        if best is not None:
            self.offset = best[1]
            self._note("clock", {"offset": round(best[1], 3), "accuracy": round(best[0] / 2, 3)})

    async def follow_clock(self) -> None:
        """Measure the offset once more, and record it if the clock was set in the meantime.

        Emulators take the host's time some time after their start."""
        if self._task is None:
            return
        best = await self._offset(1)
        if best is None or abs(best[1] - self.offset) <= JUMP + best[0]:
            return
        before, self.offset = self.offset, best[1]
        jump = round(best[1] - before, 3)
        self._note("clock", {"offset": round(best[1], 3), "accuracy": round(best[0] / 2, 3), "jump": jump})

    async def _offset(self, tries: int) -> tuple[float, float] | None:
        """How long the fastest of some queries took, and the offset that it showed."""
        best: tuple[float, float] | None = None
        for _ in range(tries):
            asked = self._clock()
            said = await shell(self._port, self._serial, "date +%s.%N")
            answered = self._clock()
            if found := re.match(r"\s*(\d{6,12})(\.\d+)?", said):
                exact = float(found[1] + (found[2] or ".5"))
                took = answered - asked
                if best is None or took < best[0]:
                    best = (took, exact - (asked + answered) / 2)
        return best

    def drain(self) -> list[Record]:
        """The records that were completed since the last call.

        A record is also complete if its thread has not written a line for `BURST` seconds."""
        now = self._clock()
        self._flush(lambda burst: now - burst.heard >= BURST)
        records, self._records = self._records, []
        return records

    async def quiet(self) -> None:
        """Wait until every open record is complete, which is after `BURST` seconds of silence."""
        self._look_alive()
        while self._bursts:
            await asyncio.sleep(BURST / 3)
            now = self._clock()
            self._flush(lambda burst, now=now: now - burst.heard >= BURST)  # type: ignore[misc]

    async def stop(self) -> None:
        for task in (self._task, self._asked):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, AndroidError):
                    await task
        self._task = self._asked = None
        self._flush(lambda _: True)

    def _look_alive(self) -> None:
        """After `SILENT` seconds without a line, find out whether the log is only quiet or its stream has stalled."""
        silent = self._clock() - self._heard > SILENT
        if silent and self.connected and (self._asked is None or self._asked.done()):
            self._asked = asyncio.get_running_loop().create_task(self._ask())

    async def _ask(self) -> None:
        """Write a line to the device's log. If it does not arrive, open the stream anew."""
        self._mark = mark = f"alive {self._clock():.3f}"
        with contextlib.suppress(AndroidError):  # the device is gone: others notice that, and say so
            await shell(self._port, self._serial, f"log -t {MARK} '{mark}'", limit=10)
            await asyncio.sleep(ANSWER)
            if self._mark and self._task is not None:
                self._note("gap", {"why": "it had stalled", "since": self._last})
                self.connected = False
                self._task.cancel()
                self._task = asyncio.get_running_loop().create_task(self._follow())
                self._heard = self._clock()

    def _note(self, kind: str, data: dict[str, object]) -> None:
        self._records.append(Record(self._clock(), "logcat", kind, data))

    async def _follow(self) -> None:
        """Read the log until cancelled. After a break, go on from the last line and record the gap."""
        while True:
            try:
                await self._read()
                why = "the log stream ended"
            except AndroidError as error:
                why = str(error)
            if self.connected:
                self._note("gap", {"why": why, "since": self._last})
            self.connected = False
            await asyncio.sleep(RETRY)

    async def _read(self) -> None:
        command = f"logcat -b main,system,crash,events -v threadtime -v epoch -T {self._last}"
        async with adb_stream(self._port, f"host:transport:{self._serial}", f"shell:{command}") as (reader, _):
            self.connected, self._caught_up = True, False
            while True:
                try:
                    raw = await reader.readline()
                except ValueError:
                    continue  # longer than the reader's limit: no log line
                if not raw:
                    return
                self._take(raw.decode("utf-8", "replace").rstrip("\r\n"))

    def _take(self, line: str) -> None:
        match = _LINE.match(line)
        if match is None:
            return
        self._heard = self._clock()
        if not self._caught_up and float(match["time"]) - self.offset > self._heard + AHEAD:
            return  # written before the device's clock was corrected: an old line with a time in the future
        self._caught_up = True
        self._last = match["time"]
        if match["tag"] == MARK and match["text"] == self._mark:
            self._mark = ""
        self._processes(match)
        package = self._pids.get(match["pid"], "")
        if not package and self._package not in line:
            return
        key = (match["pid"], match["tid"], match["tag"])
        burst = self._bursts.get(key)
        if burst is not None and len(burst.lines) >= MAX_LINES:
            self._finish(key)
            burst = None
        if burst is None:
            when = float(match["time"]) - self.offset
            burst = _Burst(when, match["pid"], match["tid"], match["tag"], match["level"], package, 0.0)
            self._bursts[key] = burst
        burst.lines.append(line)
        burst.heard = self._clock()

    def _processes(self, match: re.Match[str]) -> None:
        tag, text = match["tag"], match["text"]
        if tag in {"am_proc_start", "ActivityManager"} and (found := _STARTED.search(text)):
            pid, name = found[1] or found[3], found[2] or found[4]
            if name.partition(":")[0] == self._package or any(helper in name for helper in _HELPERS):
                self._pids[pid] = name
        died = _DIED.match(text) if tag in {"am_crash", "am_anr"} else None
        if died is not None and died[1].partition(":")[0] == self._package:
            self.crashed = "crash" if tag == "am_crash" else "anr"
            self._note(self.crashed, {"package": self._package, "text": text[:500]})

    def _flush(self, over: Callable[[_Burst], bool]) -> None:
        for key in [key for key, burst in self._bursts.items() if over(burst)]:
            self._finish(key)
        self._records.sort(key=lambda record: record.time)

    def _finish(self, key: tuple[str, str, str]) -> None:
        burst = self._bursts.pop(key)
        data = {
            "pid": burst.pid,
            "tid": burst.tid,
            "tag": burst.tag,
            "level": burst.level,
            "package": burst.package,
            "text": "\n".join(burst.lines),
        }
        self._records.append(Record(burst.time, "logcat", "line", data))
