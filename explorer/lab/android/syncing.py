"""The `sync:` service (adb push, pull, stat, list) over a small file system in memory."""

from __future__ import annotations

import stat
import struct
import time
from dataclasses import dataclass, field

from explorer.lab.android.wire import Stream

MAX_FILE = 256 << 20
_FOLDERS = (
    "",
    "/data",
    "/data/local",
    "/data/local/tmp",
    "/sdcard",
    "/sdcard/Download",
    "/storage/emulated/0/Download",
)


@dataclass(slots=True)
class File:
    mode: int
    time: int
    data: bytes


@dataclass(slots=True)
class Files:
    """The device's files by absolute path. As on Android, `/storage/emulated/0` is `/sdcard`."""

    files: dict[str, File] = field(default_factory=dict)
    pushed: set[str] = field(default_factory=set)
    """Names of the files that came over `adb push`, also of those that are gone."""

    def path(self, name: str) -> str:
        return name.rstrip("/").replace("/storage/emulated/0", "/sdcard", 1)

    def put(self, name: str, data: bytes, mode: int = 0o644, when: int = 0) -> None:
        self.files[self.path(name)] = File(stat.S_IFREG | mode & 0o777, when or int(time.time()), data)

    def get(self, name: str) -> File | None:
        return self.files.get(self.path(name))

    def inside(self, folder: str) -> dict[str, File]:
        """The files directly in a folder, by name."""
        prefix = self.path(folder) + "/"
        return {
            p.removeprefix(prefix): f
            for p, f in self.files.items()
            if p.startswith(prefix) and "/" not in p[len(prefix) :]
        }

    def stat(self, name: str) -> tuple[int, int, int]:
        """Mode, size in bytes and time (seconds since the epoch) of a file; zeros for a missing one."""
        if file := self.get(name):
            return file.mode, len(file.data), file.time
        if self.path(name) in _FOLDERS or self.inside(name):
            return stat.S_IFDIR | 0o771, 4096, int(time.time())
        return 0, 0, 0


async def serve(stream: Stream, files: Files) -> None:
    """Answer the client's sync requests until it sends QUIT."""
    while True:
        kind, size = struct.unpack("<4sI", await stream.read_exactly(8))
        if kind == b"QUIT":
            return
        name = (await stream.read_exactly(min(size, 4096))).decode("utf-8", "replace")
        if kind == b"STAT":
            await stream.write(struct.pack("<4sIII", kind, *files.stat(name)))
        elif kind in {b"STA2", b"LST2"}:
            mode, length, when = files.stat(name)
            error = 0 if mode else 2
            await stream.write(
                struct.pack("<4sIQQIIIIQqqq", kind, error, 1, 1, mode, 1, 0, 0, length, when, when, when)
            )
        elif kind == b"SEND":
            await _receive(stream, files, name)
        elif kind == b"RECV":
            await _deliver(stream, files, name)
        elif kind == b"LIST":
            for entry, file in files.inside(name).items():
                raw = entry.encode()
                await stream.write(
                    struct.pack("<4sIIII", b"DENT", file.mode, len(file.data), file.time, len(raw)) + raw
                )
            await stream.write(struct.pack("<4sIIII", b"DONE", 0, 0, 0, 0))
        else:
            await _fail(stream, "unknown request")
            return


async def _receive(stream: Stream, files: Files, target: str) -> None:
    path, _, mode = target.rpartition(",")
    data = bytearray()
    while True:
        kind, size = struct.unpack("<4sI", await stream.read_exactly(8))
        if kind == b"DONE":
            break
        data += await stream.read_exactly(size)
        if len(data) > MAX_FILE:
            await _fail(stream, "No space left on device")
            return
    files.pushed.add(files.path(path))
    files.put(path, bytes(data), int(mode) if mode.isdecimal() else 0o644, size)
    await stream.write(struct.pack("<4sI", b"OKAY", 0))


async def _deliver(stream: Stream, files: Files, name: str) -> None:
    file = files.get(name)
    if file is None:
        await _fail(stream, "No such file or directory")
        return
    for start in range(0, len(file.data), 65_536):
        piece = file.data[start : start + 65_536]
        await stream.write(struct.pack("<4sI", b"DATA", len(piece)) + piece)
    await stream.write(struct.pack("<4sI", b"DONE", 0))


async def _fail(stream: Stream, text: str) -> None:
    await stream.write(struct.pack("<4sI", b"FAIL", len(text)) + text.encode())
