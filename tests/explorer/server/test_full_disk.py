"""A disk without room: nothing is left by halves, and it is said. The limit on file sizes of a process stands for the disk."""

from __future__ import annotations

import errno
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request

from explorer.request.request import RunRequest
from explorer.server import download
from explorer.server.app import full_disk
from explorer.server.index import Index
from explorer.server.jobs import Queue
from explorer.server.settings import Settings


@contextmanager
def no_room(size: int = 0) -> Iterator[None]:
    """No file may grow beyond `size` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def asked(path: str) -> Request:
    return Request({"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""})


def test_it_is_told_with_507_and_a_sentence() -> None:
    with pytest.raises(OSError) as caught, open("/dev/full", "wb", buffering=0) as full:  # noqa: PTH123
        full.write(b"x")
    answer = full_disk(asked("/api/runs"), caught.value)
    assert answer.status_code == 507
    assert b"The disk is full" in bytes(answer.body)
    with pytest.raises(PermissionError):
        full_disk(asked("/"), PermissionError(errno.EACCES, "no"))


async def test_no_half_zip_stays(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "runs")
    run = settings.runs / "20260101-000000-x"
    run.mkdir(parents=True)
    settings.own.mkdir()
    (run / "journal.jsonl").write_bytes(bytes(range(256)) * 400)
    site: Any = SimpleNamespace(settings=settings)
    with no_room(100), pytest.raises(OSError):
        await download.whole(site, run)
    assert list(settings.own.iterdir()) == []


async def test_a_run_that_cannot_be_written_leaves_no_folder_and_takes_no_place(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "runs")
    settings.runs.mkdir()
    index = Index(settings.runs, settings.own / "index.sqlite3")
    queue = Queue(settings, index)
    request = RunRequest(target="https://shop.example/")
    try:
        with no_room(), pytest.raises(OSError):
            await queue.submit(request)
        assert [f.name for f in settings.runs.iterdir()] == [".serve"]
        run = await queue.submit(request)
        with no_room():
            await index.refresh_one(run)  # the index is a copy, and may be behind
            queue._try_to_start(run, settings.runs / "gone")
        assert queue.workers == {}
        assert queue.position(run) == 0
        assert [facts.id for facts in index.all()] == [run]
    finally:
        index.close()
