"""Parses the arguments of `trustwalk probe`: hosts, URLs, files of hosts, run folders."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from explorer.targets.resolve import Endpoint, plain_host
from reports.journal.events import Diagnosed, ExchangeSeen, JournalError, read

MAX_HOSTS = 10_000


def parse_host(text: str) -> Endpoint:
    """Parse `chat.example`, `chat.example:8443`, `[::1]:443`, `::1`, or an https:// or wss:// URL, into host and port.

    The default port is 443. Raises ValueError with a message for the user."""
    text = text.strip()
    try:
        if "://" in text:
            parts = urlsplit(text)
            if parts.scheme not in ("https", "wss") or not parts.hostname:
                raise ValueError(
                    f"«{text[:120]}» is not an https:// or wss:// address, and only those use TLS from the start. To "
                    "probe a TLS server for another protocol, write HOST:PORT."
                )
            return plain_host(parts.hostname), 443 if parts.port is None else _port(text, str(parts.port))
        bare = text.removeprefix("[").removesuffix("]")
        if ":" in bare and _is_address(bare):
            return bare.lower(), 443
    except ValueError as error:
        raise ValueError(str(error) if "«" in str(error) else f"«{text[:120]}»: {error}.") from error
    match = re.fullmatch(r"(\[[^\]]+\]|[^:/\s]+)(?::(\d{1,6}))?/?", text)
    if match is None:
        raise ValueError(f"«{text[:120]}» is not HOST or HOST:PORT. Write it like chat.example:443.")
    return plain_host(match[1]), _port(text, match[2] or "443")


def _port(text: str, port: str) -> int:
    if not 0 < int(port) < 65536:
        raise ValueError(f"«{text[:120]}»: {port} is not a port; ports are numbers from 1 to 65535.")
    return int(port)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def hosts_asked_for(arguments: Iterable[str]) -> tuple[Endpoint, ...]:
    """The hosts that the arguments name, each host once, in the order given.

    `@FILE` names a file with one host per line (`#` begins a comment). A run folder stands for every TLS host that the
    run contacted. Raises ValueError with a message for the user."""
    found: dict[Endpoint, None] = {}
    for argument in arguments:
        found.update(dict.fromkeys(_one(argument)))
    if len(found) > MAX_HOSTS:
        raise ValueError(
            f"These are {len(found)} hosts; one call takes at most {MAX_HOSTS:,}. Probe them in several calls."
        )
    return tuple(found)


def _one(argument: str) -> Iterator[Endpoint]:
    if argument.startswith("@"):
        yield from _from_file(Path(argument[1:]))
    elif Path(argument).is_dir():
        yield from _from_run(Path(argument))
    else:
        yield parse_host(argument)


def _from_file(path: Path) -> Iterator[Endpoint]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ValueError(
            f"«{path}» cannot be read ({error.strerror}); name a text file with one host per line."
        ) from error
    except UnicodeDecodeError as error:
        raise ValueError(f"«{path}» cannot be read: it is not UTF-8. Save it in UTF-8.") from error
    hosts = [(n, text) for n, line in enumerate(lines, 1) if (text := line.partition("#")[0].strip())]
    if not hosts:
        raise ValueError(f"«{path}» lists no host; write one per line.")
    for number, text in hosts:
        try:
            yield parse_host(text)
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {error}") from error


def _from_run(folder: Path) -> Iterator[Endpoint]:
    found: dict[Endpoint, None] = {}
    try:
        for event in read(folder / "journal.jsonl"):
            if isinstance(event, Diagnosed):
                found[event.diagnosis.host, event.diagnosis.port] = None
            elif isinstance(event, ExchangeSeen) and urlsplit(event.exchange.url).scheme in ("https", "wss"):
                found[event.exchange.host, event.exchange.port] = None
    except JournalError as error:
        if (folder / "journal.jsonl").exists():
            raise ValueError(f"The run in «{folder}» cannot be read: {error}") from error
        raise ValueError(
            f"«{folder}» is not a run folder: {error} Name a folder that «trustwalk run» wrote."
        ) from error
    hosts = [(host, port) for host, port in found if host and 0 < port < 65536]
    if not hosts:
        raise ValueError(f"The run in «{folder}» contacted no TLS host. Name the hosts to probe instead.")
    yield from hosts


def third_parties(arguments: Iterable[str]) -> frozenset[Endpoint]:
    """The third-party hosts of the run folders among the arguments. A probe makes only one ordinary handshake with
    such a host."""
    found = set[Endpoint]()
    for argument in arguments:
        if not argument.startswith("@") and Path(argument).is_dir():
            events = (e for e in read(Path(argument) / "journal.jsonl") if isinstance(e, Diagnosed))
            found |= {(e.diagnosis.host, e.diagnosis.port) for e in events if e.diagnosis.third_party}
    return frozenset(found)
