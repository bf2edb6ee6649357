"""For every test: an environment without anybody's proxies and trust settings, and no way off this machine."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

CLEANED = (
    *(name for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "WSS_PROXY", "WS_PROXY")
      for name in (proxy, proxy.lower())),
    "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSLKEYLOGFILE", "SSL_CERT_DIR", "SSL_CERT_FILE",
    "CI", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "PWDEBUG", "DEBUG",
)  # fmt: skip
"""Variables that would make a test's outcome depend on whose machine it runs on; TRUSTWALK_* goes as well."""


def pytest_configure() -> None:
    """What is started in the background (`… &`, nohup) inherits an ignored SIGINT, and so would the programs that the
    tests send a Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name in CLEANED or name.startswith("TRUSTWALK_"):
            monkeypatch.delenv(name)


def leaves_the_machine(family: int, address: Any) -> bool:
    """Whether a connection to `address` would leave loopback. A name counts as leaving unless it is `localhost`."""
    if family not in {socket.AF_INET, socket.AF_INET6} or not isinstance(address, tuple):
        return False
    host = str(address[0]).partition("%")[0]
    if host in {"localhost", ""}:
        return False
    try:
        ip = ipaddress.ip_address(host)
    except ValueError:
        return True
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return not (mapped.is_loopback or mapped.is_unspecified)


@pytest.fixture(autouse=True)
def stay_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection that would leave loopback, and fail the test even if it caught the refusal."""
    left: list[str] = []

    def guarded(name: str) -> Callable[..., Any]:
        real = getattr(socket.socket, name)

        def call(self: socket.socket, *arguments: Any) -> Any:
            address = arguments[-1] if arguments else None
            if leaves_the_machine(self.family, address):
                left.append(f"{name} {address}")
                raise ConnectionRefusedError(f"tests stay on loopback: {name} {address} was refused")
            return real(self, *arguments)

        return call

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(name))
    yield
    if left:
        pytest.fail(f"this test tried to leave the machine: {'; '.join(left)}", pytrace=False)
