"""How fast a packet capture and a HAR are read, and in how much memory (100 MB each; `python tests/bench/bench_evidence.py 1000` for more)."""

from __future__ import annotations

import io
import json
import multiprocessing
import resource
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # make calls this file by its path

from explorer.evidence.files import recording_in
from explorer.evidence.source import opened
from tests.explorer.evidence.capture.hellos import hello
from tests.explorer.evidence.capture.packets import CHANGE, Talk, alert, pcap, record, sealed, server_hello
from tests.explorer.evidence.hars import entry, har

MOST_MEMORY = 200
"""MiB that reading may take, however large the file is."""
FAILING = 20
"""One connection or request in so many fails."""


def connections() -> Iterator[bytes]:
    """Packets of connections one after another, each with a download of 1 MB; some are refused by the server."""
    greeting, flight = hello("tickets.shop.example"), record(22, server_hello(0x0304, 0x1301)) + CHANGE
    good = (
        Talk()
        .opened()
        .says(greeting)
        .answers(flight + sealed(900) + sealed(53))
        .says(CHANGE + sealed(53) + sealed(300))
    )
    for _ in range(64):
        good.answers(sealed(16_000)).says(sealed(40))
    good.ends().ends(by_client=False)
    bad = Talk().opened().says(greeting).answers(alert(80)).ends().ends(by_client=False)
    number = 0
    while True:
        talk = bad if number % FAILING == 0 else good
        port = struct.pack(">H", 1024 + number % 60_000)
        for time_, frame in talk.frames:
            at = 34 if frame[36:38] == b"\x01\xbb" else 36  # the client's port stands before or behind 443
            moved = frame[:at] + port + frame[at + 2 :]
            when = time_ + number * 20
            head = struct.pack("<IIII", int(when), int(when % 1 * 1e6), len(moved), len(moved))
            yield head + moved
        number += 1


def generate(kind: str, path: Path, megabytes: int) -> None:
    """Write a file of that size."""
    size, most = 0, megabytes << 20
    with path.open("wb") as file:
        if kind == "capture":
            file.write(pcap([]))
            for packet in connections():
                size += file.write(packet)
                if size > most:
                    return
        one = [
            entry("https://tickets.shop.example/a", 200, at=1, response={"content": {"size": 9, "text": "x" * 40_000}}),
            entry("https://tickets.shop.example/b", 0, at=1, response={"_error": "net::ERR_CERT_DATE_INVALID"}),
        ]
        texts = [json.dumps(each).encode() for each in one]
        file.write(har(one)[: -len(b"]}}")])
        number = 0
        while size < most:
            size += file.write(b"," + texts[number % FAILING == 0])
            number += 1
        file.write(b"]}}")


def _measured(path: Path, answer: multiprocessing.Queue[tuple[float, int, int, float]]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    with opened(str(path), io.BytesIO()) as source:
        found = recording_in(source)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    failed = sum(1 for each in found.requests if each.error)
    answer.put((seconds, len(found.requests), failed, max(peak, before) / 1024))


def main() -> int:
    """Generate, measure in a process of its own, print. Fails if no failure was found, or the file was read into memory."""
    megabytes = next((int(word) for word in sys.argv[1:] if word.isdigit()), 100)
    fine = True
    for kind in ("capture", "har"):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"session.{kind}"
            generate(kind, path, megabytes)
            size = path.stat().st_size / 1e6
            context = multiprocessing.get_context("spawn")
            answer: multiprocessing.Queue[tuple[float, int, int, float]] = context.Queue()
            child = context.Process(target=_measured, args=(path, answer))
            child.start()
            seconds, requests, failed, peak = answer.get()
            child.join()
        print(
            f"{kind:8} {size:6.0f} MB {size / seconds:8.1f} MB/s, {requests} requests kept, {failed} failed, {peak:.0f} MiB at most"
        )
        fine &= bool(failed) and peak < MOST_MEMORY
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
