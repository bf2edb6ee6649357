"""Feeds damaged files of strangers to all that reads them, and damaged handshakes to the probe: `make fuzz ARGS='--count 1000 --seed 7 yaml journals'`.

Each kind runs in a process of its own. A fault is any exception but the one that says it in a sentence, an input that
takes longer than 10 s, or more than 300 MB of memory; or that not one of many inputs could be read, for then nothing was tried.

The seed and the number make the same damage again, but keys of certificates and handshakes are fresh each time, and packages
carry their hour. So what was read of a faulty input is kept, of a handshake what the server sent, in the order in which it did.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import multiprocessing
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from explorer.devices.devices import DeviceError, load_devices
from explorer.monitors.logs.scan import LogScanner
from explorer.monitors.logs.signatures import make_book
from explorer.request.file import ConfigError, load_config
from explorer.targets.apk.package import read_app
from explorer.targets.error import TargetError
from explorer.targets.log_file import open_log
from explorer.tls import chain, hello
from explorer.tls.faults.mint import Authority
from flows.journey import JourneyError, load_catalogue
from personas.persona import PersonaError
from personas.persona import load as load_personas
from reports import render
from reports.journal.events import JournalError

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # make calls this file by its path

from tests.fuzz.evidence import damaged, read_evidence  # noqa: E402 - after the path is set
from tests.fuzz.peer import look, seeds  # noqa: E402 - as above

LONGEST, MOST_MEMORY = 10, 300
"""Seconds for one input, and MB for all of a kind."""
ENOUGH = 200
"""Inputs of which at least one has to be read; fewer may all be damaged too much, by chance."""
Target = Callable[[bytes, Path], bool]
"""Reads an input; its folder takes what it was read from. Returns whether something was understood."""
KEPT = Path(tempfile.gettempdir(), "trustwalk-fuzz")
SPECIAL = (
    b"[" * 5_000,
    b"9" * 5_000,
    b"\xff\xfe",
    b"\0",
    b"{",
    b"&a [*a]",
    b"\\ud800",
    b"1e999",
    b"-",
    b"\x80" * 9,
    b"../" * 9,
)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few changes: flipped, cut, doubled, or with something special put in."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, length = chance.randrange(len(changed) + 1), chance.randint(1, 64)
        how = chance.randrange(6)
        if how == 0 and at < len(changed):
            changed[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            changed[at : at + length] = chance.randbytes(length)
        elif how == 2:
            changed[at:at] = chance.choice(SPECIAL)
        elif how == 3:
            del changed[at : at + length]
        elif how == 4:
            changed[at:at] = changed[at : at + length] * chance.randint(1, 20)
        elif chance.random() < 0.3:
            del changed[at:]
    return bytes(changed)


def packages(chance: random.Random) -> Iterator[bytes]:
    """One part of a package is damaged; now and then, the archive around it."""
    source = (ROOT / "tests/apk/careless.apk").read_bytes()
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    while True:
        damaged = chance.choice([name for name in parts if name.endswith((".xml", ".arsc", ".dex"))])
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, data in parts.items():
                archive.writestr(name, mutated(data, chance) if name == damaged else data)
        yield mutated(source, chance) if chance.random() < 0.2 else out.getvalue()


def changed_files(*places: str) -> Callable[[random.Random], Iterator[bytes]]:
    """Damaged copies of these files of the repository."""
    files = [path for place in places for path in sorted(ROOT.glob(place))]
    assert files

    def made(chance: random.Random) -> Iterator[bytes]:
        while True:
            data = chance.choice(files).read_bytes()
            yield mutated(gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data, chance)

    return made


def certificates(chance: random.Random) -> Iterator[bytes]:
    """Certificates, alone and within the answer of a server."""
    issued = Authority.create().leaf(["desk.test", "127.0.0.1"])
    der = [one.public_bytes(Encoding.DER) for one in issued.chain]
    listed = b"".join(len(one).to_bytes(3, "big") + one for one in der)
    body = len(listed).to_bytes(3, "big") + listed
    greeting = b"\x03\x03" + bytes(32) + b"\0\xc0\x2f\0"
    said = b"".join(
        bytes([kind]) + len(text).to_bytes(3, "big") + text for kind, text in ((2, greeting), (11, body), (14, b""))
    )
    while True:
        text = mutated(said, chance)[: 1 << 14]
        record = b"\x16\x03\x03" + len(text).to_bytes(2, "big") + text
        yield chance.choice([mutated(chance.choice(der), chance), record, mutated(record, chance)])


def read_package(data: bytes, folder: Path) -> bool:
    (folder / "a.apk").write_bytes(data)
    read_app(folder / "a.apk", folder)
    return True


def read_log(data: bytes, folder: Path) -> bool:
    (folder / "a.log").write_bytes(data)
    found = 0
    with open_log(str(folder / "a.log"), sys.stdin.buffer) as streams:
        for stream in streams:
            scanner = LogScanner(make_book(), "")
            for block in stream.blocks:
                found += len(list(scanner.feed(block)))
            found += len(list(scanner.close()))
    return found > 0


def read_certificate(data: bytes, folder: Path) -> bool:
    (folder / "a.bin").write_bytes(data)
    understood = False
    reply = hello.read_reply(data)
    for der in (data, *(reply.chain if reply else ())):
        if (certificate := chain.load(der)) is not None:
            chain.name_matches(chain.describe(certificate), "desk.test")
            chain.build_path(certificate, [certificate], [])
            understood = True
    return understood


def read_handshake(data: bytes, folder: Path) -> bool:
    sent: list[bytes] = []
    try:
        return look(data, mutated, sent)
    finally:
        for number, answer in enumerate(sent):
            (folder / f"answer{number}.bin").write_bytes(answer)


def read_journal(data: bytes, folder: Path) -> bool:
    (folder / "journal.jsonl").write_bytes(data)
    render(folder, ("json", "html"), folder)
    return True


def read_yaml(data: bytes, folder: Path) -> bool:
    understood = False
    for name in ("personas", "journeys"):
        (folder / name).mkdir()
        (folder / name / "a.yml").write_bytes(data)
    (folder / "a.yml").write_bytes(data)
    for read in (
        lambda: load_config(folder / "a.yml"),
        lambda: load_devices(folder / "a.yml"),
        lambda: load_personas([folder / "personas"]),
        lambda: load_catalogue([folder / "journeys"]),
    ):
        try:
            read()
            understood = True
        except (ConfigError, DeviceError, PersonaError, JourneyError):
            continue
    return understood


KINDS: dict[str, tuple[Callable[[random.Random], Iterator[bytes]], Target, type[Exception]]] = {
    "packages": (packages, read_package, TargetError),
    "logs": (changed_files("tests/explorer/monitors/logs/log_data/**/*.txt"), read_log, TargetError),
    "certificates": (certificates, read_certificate, TargetError),
    "handshakes": (seeds, read_handshake, TargetError),
    "journals": (changed_files("tests/reports/journal/earlier/*.gz"), read_journal, JournalError),
    "evidence": (damaged(mutated), read_evidence, TargetError),
    "yaml": (changed_files("devices.yml", "personas/catalogue/*.yml", "flows/catalogue/*.yml"), read_yaml, ConfigError),
}


def fuzz(kind: str, count: int, seed: int, keep: Path, figures: Path | None = None) -> list[str]:
    """The faults of one kind, as lines. `keep` is a folder for what faulty inputs were read from.

    `figures` is a file of JSON lines that takes what was measured."""
    make, read, refusal = KINDS[kind]
    inputs, faults, refused, understood, slowest = make(random.Random(seed)), [], 0, 0, 0.0
    for number in range(count):
        data, begun, fault = next(inputs), time.monotonic(), ""
        with tempfile.TemporaryDirectory() as folder:
            signal.alarm(LONGEST)
            try:
                understood += read(data, Path(folder))
            except refusal as told:
                refused += 1
                fault = f"the sentence has several lines: {told}" if "\n" in str(told) else ""
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                fault = f"{type(error).__name__}: {str(error)[:200]}"
            finally:
                signal.alarm(0)
            if fault:
                kept = keep / f"{kind}-{seed}-{number}"
                shutil.copytree(folder, kept, dirs_exist_ok=True)
                faults.append(f"{kind} {number}: {fault} (kept in {kept})")
        slowest = max(slowest, time.monotonic() - begun)
    if count >= ENOUGH and not understood:
        faults.append(f"{kind}: not one of {count} inputs was understood, so nothing behind the first check was tried")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform != "darwin" else 1 << 20)
    if memory > MOST_MEMORY:
        faults.append(f"{kind}: {memory} MB of memory")
    print(
        f"{kind}: {count} inputs, {understood} understood, {refused} refused, slowest {slowest:.2f} s, {memory} MB, {len(faults)} faults"
    )
    if figures is not None:
        line = {
            "fuzz": kind,
            "inputs": count,
            "seed": seed,
            "understood": understood,
            "faults": len(faults),
            "slowest": slowest,
            "memory": memory,
        }
        with figures.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    return faults[:20]  # as many as a pipe holds without a reader


def _hung(*_: object) -> None:
    raise RuntimeError(f"longer than {LONGEST} s")


def _alone(kind: str, asked: argparse.Namespace, answer: multiprocessing.Queue[list[str]]) -> None:
    signal.signal(signal.SIGALRM, _hung)
    answer.put(fuzz(kind, asked.count, asked.seed, asked.keep, asked.figures))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", help=f"some of {', '.join(KINDS)} (default: all)")
    parser.add_argument("--count", type=int, default=300, help="inputs of each kind")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31))
    parser.add_argument("--figures", type=Path, help="a file of JSON lines that takes what was measured")
    parser.add_argument("--keep", type=Path, default=KEPT, help=f"a folder for faulty inputs (default: {KEPT})")
    wanted = parser.parse_args(arguments)
    print(f"seed {wanted.seed}")
    faults: list[str] = []
    spawn = multiprocessing.get_context("spawn")
    for kind in wanted.kinds or KINDS:
        answer: multiprocessing.Queue[list[str]] = spawn.Queue()
        process = spawn.Process(target=_alone, args=(kind, wanted, answer))
        process.start()
        process.join()
        faults += answer.get() if process.exitcode == 0 else [f"{kind}: the process ended with {process.exitcode}"]
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
