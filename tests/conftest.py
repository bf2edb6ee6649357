"""For every test: an environment without anybody's proxies and trust settings, and no way off this machine."""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

CLEANED = (
    *(
        name
        for proxy in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "WSS_PROXY", "WS_PROXY")
        for name in (proxy, proxy.lower())
    ),
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "REQUESTS_CA_BUNDLE",
    "SSLKEYLOGFILE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "CI",
    "COLUMNS",
    "FORCE_COLOR",
    "LINES",
    "NO_COLOR",
    "PWDEBUG",
    "DEBUG",
)
"""Variables that would make a test's outcome depend on whose machine it runs on; TRUSTWALK_* goes as well."""


BROWSERS = ("chrom", "google-chrome", "msedge", "headless_shell")
"""How the names of browsers' programs begin."""
TIERS = ("nightly", "live_android", "live_web")
"""Folders of tests that start an Android device or a browser; what lies in none of them is pure or stays on loopback."""
MEASURED = ("flows", "policy", "tls", "run", "reports")
"""Folders whose tests are measured for coverage. Tracing doubles the time of a test; the others reach nothing more."""
EXAMPLES = {"push": 100, "night": 600}
"""How many cases hypothesis generates for a property that sets no number of its own."""
_started: list[str] = []
"""What the test under way has started of browsers and Appium servers, its fixtures included."""


def tier(path: Path) -> str:
    """Which tier a test file is of, told by its place."""
    return next((name for name in TIERS if name in path.parts), "pure")


def starts(command: Any) -> str:
    """What a command starts that a pure test must not: `a browser`, `Appium`, or nothing."""
    words = [command] if isinstance(command, str | bytes | os.PathLike) else list(command)
    first = Path(os.fsdecode(words[0])).name if words else ""
    if first.startswith(BROWSERS) or "playwright" in os.fsdecode(words[0]):
        return "a browser"
    appium = first == "node" and any(os.fsdecode(word) == "--port" for word in words[1:])
    return "Appium" if appium else ""


def _watch_processes() -> None:
    """Note each browser and Appium server that is started, whoever starts it."""
    real = subprocess.Popen.__init__

    def noted(self: subprocess.Popen[Any], args: Any, *rest: Any, **named: Any) -> None:
        _started.extend(filter(None, [starts(args)]))
        real(self, args, *rest, **named)

    subprocess.Popen.__init__ = noted  # type: ignore[method-assign]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    _started.clear()


@pytest.fixture(autouse=True)
def stay_in_its_tier(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that starts a browser or Appium outside its tier: the suite is quick because few do."""
    yield
    if _started and tier(request.path) == "pure":
        pytest.fail(
            f"this test started {_started[0]}: it belongs into a folder live_web or live_android", pytrace=False
        )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--nightly", action="store_true", help="run what is too long for every push, and nothing else (make nightly)"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is marked `nightly`; with `--nightly`, all but that, what lies in tests/nightly, and properties of generated cases."""
    wanted = config.getoption("nightly")

    def fits(item: pytest.Item) -> bool:
        marked = item.get_closest_marker("nightly") is not None
        if wanted:
            return marked or _is_property(item) or tier(item.path) == "nightly"
        return not marked

    for item in items:
        if tier(item.path) != "pure" or _is_property(item) or not set(MEASURED) & set(item.path.parts):
            item.add_marker(pytest.mark.no_cover)
    config.hook.pytest_deselected(items=[item for item in items if not fits(item)])
    items[:] = filter(fits, items)


def _is_property(item: pytest.Item) -> bool:
    """Whether hypothesis generates the cases of a test."""
    return bool(getattr(getattr(item, "obj", None), "is_hypothesis_test", False))


def pytest_configure(config: pytest.Config) -> None:
    """A property is tried on more cases each night. What is started in the background (`… &`, nohup) inherits an ignored SIGINT, and so would the programs that the
    tests send a Ctrl-C."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    _watch_processes()
    for name, examples in EXAMPLES.items():
        settings.register_profile(name, max_examples=examples, deadline=None)  # a busy machine is no fault
    settings.load_profile("night" if config.getoption("nightly") else "push")


@pytest.fixture
def may_leave_traces() -> None:
    """For a test of the virtual device whose subject is what stays there: after `kill -9`, or when the device vanishes."""


@pytest.fixture(scope="session", autouse=True)
def virtual_devices(request: pytest.FixtureRequest) -> Iterator[tuple[set[Any], list[str]]]:
    """The virtual devices that run now, whoever started them, and what was left on those that have ended."""
    running, left = set[Any](), list[str]()
    if not any(tier(item.path) == "live_android" for item in request.session.items):
        yield running, left
        return
    from explorer.lab.android.device import VirtualDevice
    from explorer.lab.android.leavings import leavings

    enter, leave = VirtualDevice.__aenter__, VirtualDevice.__aexit__

    async def entered(device: VirtualDevice) -> VirtualDevice:
        running.add(device)
        return await enter(device)

    async def ended(device: VirtualDevice, *how: Any) -> None:
        left.extend(leavings(device))
        running.discard(device)
        await leave(device, *how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(VirtualDevice, "__aenter__", entered)
        patch.setattr(VirtualDevice, "__aexit__", ended)
        yield running, left


@pytest.fixture(autouse=True)
def leave_devices_as_they_were(
    request: pytest.FixtureRequest, virtual_devices: tuple[set[Any], list[str]]
) -> Iterator[None]:
    """Fail a test that leaves a virtual device otherwise than it found it: proxy, ports, files, keyboard, orientation."""
    running, left = virtual_devices
    left.clear()
    yield
    if tier(request.path) != "live_android" or "may_leave_traces" in request.fixturenames:
        return
    if running:
        from explorer.lab.android.leavings import leavings

        left.extend(trace for device in running for trace in leavings(device))
    if left:
        pytest.fail(f"this test left on its device: {', '.join(left)}", pytrace=False)


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
