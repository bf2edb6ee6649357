"""The device's shell, reduced to the syntax that adb, Appium, adbutils and Trustwalk use."""

from __future__ import annotations

import re
import shlex
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from explorer.lab.android.wire import Stream

NOT_FOUND = 127


@dataclass(slots=True)
class Io:
    """Input and output of a command."""

    stream: Stream
    v2: bool
    muted: bool = False

    async def out(self, text: str | bytes, channel: int = 1) -> None:
        data = text.encode() if isinstance(text, str) else text
        if not data or (self.muted and channel == 2):
            return
        await self.stream.write(struct.pack("<BI", channel, len(data)) + data if self.v2 else data)

    async def read(self, count: int) -> bytes:
        """Read `count` more bytes from the stream.

        Only a streamed install over `exec:` sends such bytes. Raises StreamClosed if the stream ends earlier.
        """
        return await self.stream.read_exactly(count)


Command = Callable[[list[str], Io], Awaitable[int]]
Find = Callable[[str], "Command | None"]
Unknown = Callable[[str], None]


async def run(line: str, io: Io, find: Find, unknown: Unknown) -> int:
    """Run a line of commands joined by `;`, `&&` or `||`. Returns the exit code of the last command that ran.

    `find` returns the command of a name, or None. `unknown` is called with each command that `find` does not know."""
    code = 0
    for joint, part in _parts(line):
        if (joint == "&&" and code) or (joint == "||" and not code):
            continue
        words, muted = _words(part)
        if not words or words[0] == "export":
            continue
        io.muted = muted
        command = find(words[0].rsplit("/", 1)[-1])
        if command is None:
            unknown(part)
            await io.out(f"/system/bin/sh: {words[0]}: inaccessible or not found\n", 2)
            code = NOT_FOUND
            continue
        code = await command(words[1:], io)
    return code


async def serve(stream: Stream, line: str, v2: bool, find: Find, unknown: Unknown) -> None:
    io = Io(stream, v2)
    code = await run(line, io, find, unknown)
    if v2:
        await stream.write(struct.pack("<BIB", 3, 1, code & 0xFF))


def _parts(line: str) -> list[tuple[str, str]]:
    """The commands of a line, each with the operator before it. Operators inside quotes do not count."""
    tokens = re.findall(r"'[^']*'|\"(?:\\.|[^\"])*\"|\\.|&&|\|\||;|\n|[^'\"\\;&|\n]+|.", line)
    parts, joint, current = [], ";", ""
    for token in tokens:
        if token in {"&&", "||", ";", "\n"}:
            parts.append((joint, current))
            joint, current = token, ""
        else:
            current += token
    return [*parts, (joint, current)]


def _words(part: str) -> tuple[list[str], bool]:
    muted = bool(re.search(r"2>\s*/dev/null", part))
    part = re.sub(r"\s2>(&1|\s*/dev/null)", " ", part)
    try:
        words = shlex.split(part)
    except ValueError:
        words = part.split()
    if words and words[0] == "exec":
        words = words[1:]
    if words and words[0] == "[":
        words = ["test", *words[1:-1]]
    return words, muted
