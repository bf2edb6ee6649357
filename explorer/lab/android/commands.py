"""Shell commands of the device, such as those for properties, settings, files, logcat and processes.

The commands of the package, activity and window managers are in `explorer.lab.android.managers`.
"""

from __future__ import annotations

import re
import time

from explorer.lab.android.logs import BUFFERS, DEFAULT_BUFFERS, render
from explorer.lab.android.phone import Phone
from explorer.lab.android.picture import png
from explorer.lab.android.proxy_service import ASKED
from explorer.lab.android.shell import Command, Io
from explorer.lab.android.widgets import DENSITY, HEIGHT, WIDTH

_NO_SETTINGS = (
    "Exception occurred while executing 'put':\njava.lang.SecurityException: Permission denial: writing to settings "
    "requires:android.permission.WRITE_SECURE_SETTINGS\n"
)
_SILENT = ("appops", "chmod", "touch", "svc", "locksettings", "sync", "true", "mkdir", "content")
"""Commands that succeed without output, as on a device."""


class Basics:
    """The commands of one device. `find` looks one up by its name."""

    def __init__(self, device: Phone) -> None:
        self._device = device

    def find(self, name: str) -> Command | None:
        if name in _SILENT:
            return self._nothing
        found: Command | None = getattr(self, f"do_{name}", None)
        return found

    async def _nothing(self, words: list[str], io: Io) -> int:
        return 0

    async def do_getprop(self, words: list[str], io: Io) -> int:
        properties = self._device.properties
        if words:
            await io.out(properties.get(words[0], "") + "\n")
        else:
            await io.out("".join(f"[{k}]: [{v}]\n" for k, v in properties.items()))
        return 0

    async def do_settings(self, words: list[str], io: Io) -> int:
        """The command `settings`. It does not wait for whoever observes a setting (see `ProxyService`)."""
        settings, proxy = self._device.settings, self._device.proxy
        proxy.tick()
        verb, key = words[0], (words[1], words[2])
        if verb == "get":
            await io.out(settings.get(key, "null") + "\n")
            return 0
        if self._device.profile.locked:
            await io.out(_NO_SETTINGS, 2)
            return 255
        before = settings.get(key)
        if verb == "put":
            settings[key] = " ".join(words[3:])
        elif verb == "delete":
            await io.out(f"Deleted {int(settings.pop(key, None) is not None)} rows\n")
        if key == ASKED and settings.get(key) != before:
            proxy.changed()
        return 0

    async def do_date(self, words: list[str], io: Io) -> int:
        form = words[0][1:] if words and words[0].startswith("+") else "%a %b %e %H:%M:%S UTC %Y"
        now = self._device.clock()
        form = form.replace("%N", f"{int(now % 1 * 1e9):09d}")
        await io.out(time.strftime(form.replace("%s", str(int(now))), time.gmtime(now)) + "\n")
        return 0

    async def do_log(self, words: list[str], io: Io) -> int:
        """The command `log [-p PRIORITY] [-t TAG] MESSAGE`: write a line into the device's log."""
        options = dict(zip(words[:-1:2], words[1:-1:2], strict=False))
        self._device.log.write(options.get("-p", "i").upper(), options.get("-t", "log"), 9999, words[-1])
        return 0

    async def do_echo(self, words: list[str], io: Io) -> int:
        await io.out(" ".join(words) + "\n")
        return 0

    async def do_id(self, words: list[str], io: Io) -> int:
        await io.out("uid=2000(shell) gid=2000(shell) groups=2000(shell) context=u:r:shell:s0\n")
        return 0

    async def do_whoami(self, words: list[str], io: Io) -> int:
        await io.out("shell\n")
        return 0

    async def do_wm(self, words: list[str], io: Io) -> int:
        text = f"Physical size: {WIDTH}x{HEIGHT}" if words[0] == "size" else f"Physical density: {int(DENSITY * 160)}"
        await io.out(text + "\n")
        return 0

    async def do_cat(self, words: list[str], io: Io) -> int:
        code = 0
        for name in words:
            if name in self._device.forbidden:
                await io.out(f"cat: {name}: Permission denied\n", 2)
                code = 1
            elif name.startswith("/proc/"):
                await io.out(self._device.proc(name))
            elif file := self._device.files.get(name):
                await io.out(file.data)
            else:
                await io.out(f"cat: {name}: No such file or directory\n", 2)
                code = 1
        return code

    async def do_test(self, words: list[str], io: Io) -> int:
        return 0 if self._device.files.stat(words[-1])[0] else 1

    async def do_ls(self, words: list[str], io: Io) -> int:
        names = [word for word in words if not word.startswith("-")]
        await io.out("".join(f"{entry}\n" for name in names for entry in sorted(self._device.files.inside(name))))
        return 0

    async def do_rm(self, words: list[str], io: Io) -> int:
        for name in words:
            self._device.files.files.pop(self._device.files.path(name), None)
        return 0

    async def do_screencap(self, words: list[str], io: Io) -> int:
        await io.out(png(WIDTH // 10, HEIGHT // 10))
        return 0

    async def do_ime(self, words: list[str], io: Io) -> int:
        if words[:1] == ["list"]:
            await io.out(f"{self._device.first_ime}\n")
        elif words[:1] == ["set"]:
            self._device.ime = words[-1]
        return 0

    async def do_ps(self, words: list[str], io: Io) -> int:
        if "--help" in words:
            await io.out("usage: ps [-AadefLlnwZ] [-gG GROUP,] [-k FIELD,] [-o FIELD,] [-p PID,]\n\n-A\tAll\n")
            return 0
        lines = ["USER           PID  PPID     VSZ    RSS WCHAN            ADDR S NAME\n"]
        lines += [
            f"u0_a{self._device.uid(name) - 10_000:<8}{pid:7d}   300 1234567 123456 0                   0 S {name}\n"
            for name, pid in self._device.processes.items()
        ]
        await io.out("".join(lines))
        return 0

    async def do_pidof(self, words: list[str], io: Io) -> int:
        pid = self._device.processes.get(words[-1])
        await io.out(f"{pid}\n" if pid else "")
        return 0 if pid else 1

    async def do_pgrep(self, words: list[str], io: Io) -> int:
        found = [pid for name, pid in self._device.processes.items() if re.search(words[-1], name)]
        await io.out("".join(f"{pid}\n" for pid in found))
        return 0 if found else 1

    async def do_kill(self, words: list[str], io: Io) -> int:
        for name, pid in list(self._device.processes.items()):
            if str(pid) in words:
                self._device.stop_process(name, "killed")
        return 0

    async def do_input(self, words: list[str], io: Io) -> int:
        display = self._device.display
        if words[:1] == ["keyevent"]:
            display.key(int(words[1]) if words[1].isdecimal() else 0)
        elif words[:1] == ["tap"]:
            display.touch(int(float(words[1])), int(float(words[2])))
        elif words[:1] == ["swipe"]:
            display.swipe(*(int(float(word)) for word in words[1:5]))
        elif words[:1] == ["text"]:
            display.type_text(words[1].replace("%s", " "))
        return 0

    async def do_logcat(self, words: list[str], io: Io) -> int:
        log = self._device.log
        if "-c" in words or "--clear" in words:
            log.clear()
            return 0
        if "-g" in words:
            await io.out("main: ring buffer is 256 KiB (1 KiB consumed), max entry is 5120 B, max payload is 4068 B\n")
            return 0
        formats, buffers, tail, after = _logcat_options(words)
        lines = [line for line in log.since(0, buffers) if line.time >= after]
        await io.out("".join(f"--------- beginning of {name}\n" for name in buffers))
        seen = log.last
        await io.out("".join(render(line, formats) for line in (lines[-tail:] if tail is not None else lines)))
        if "-d" in words or any(word == "-t" for word in words):
            return 0
        while not io.stream.closed:
            if not await io.stream.while_open(log.wait(seen)):
                return 0
            fresh = log.since(seen, buffers)
            seen = log.last
            await io.out("".join(render(line, formats) for line in fresh))
        return 0


def _logcat_options(words: list[str]) -> tuple[set[str], tuple[str, ...], int | None, float]:
    """Parse logcat's options: formats, buffers, number of lines (`-t 5`), start time (`-T 1700000000.000`)."""
    formats, buffers, tail, after = set[str](), list[str](), None, 0.0
    for flag, value in zip(words, [*words[1:], ""], strict=True):
        if flag == "-v":
            formats |= set(value.split(","))
        elif flag == "-b":
            buffers += BUFFERS if value == "all" else value.split(",")
        elif flag in {"-t", "-T"} and value.isdecimal():
            tail = int(value)
        elif flag in {"-t", "-T"} and re.fullmatch(r"\d+\.\d+", value):
            after = float(value)
    return formats or {"threadtime"}, tuple(buffers) or DEFAULT_BUFFERS, tail, after
