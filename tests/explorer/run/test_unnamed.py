"""A log without a host, and real servers: the probe names the one that is broken, and nobody if it cannot be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.request.resolve import RunOptions
from explorer.run.android import MOST_HOSTS, Android, hosts_of
from explorer.run.unnamed import settle_unnamed
from explorer.targets.apk.package import read_app
from explorer.tls.faults.front import Front, serve
from explorer.tls.faults.mint import Authority
from flows.diagnosis import Cause
from flows.session import SessionLog
from flows.signals import Family, Signal

ANCHOR = (Cause.UNTRUSTED_CA, Cause.SELF_SIGNED, Cause.INCOMPLETE_CHAIN)
CARELESS = Path(__file__).parents[2] / "apk" / "careless.apk"


def a_log() -> SessionLog:
    line = Signal("1", 11.5, "s", Family.TLS, "anchor", "Trust anchor not found", ANCHOR, place="app")
    return SessionLog("s", "curious", "phone", ("app.apk", 0), ("start-chat",), signals=(line,))


def about(fronts: list[Front], ca: Path) -> tuple[Android, RunOptions]:
    hosts = tuple((front.names[0], front.port) for front in fronts)
    options = RunOptions(
        target="https://desk.test/", ca=(ca,), resolve=tuple((host, "127.0.0.1") for host in hosts), only_resolved=True
    )
    return Android("test.desk", {}, hosts=hosts), options


@pytest.mark.parametrize(
    ("faults", "named"),
    [((None, "self-signed", "expired"), "b.desk.test"), (("self-signed", "untrusted-ca", None), "")],
)
async def test_the_probe_names_the_only_server_that_the_words_fit(
    faults: tuple[str | None, ...], named: str, tmp_path: Path
) -> None:
    authority, fronts = Authority.create(), list[Front]()
    root = tmp_path / "root.pem"
    root.write_bytes(authority.root_pem)
    try:
        for letter, fault in zip("abc", faults, strict=True):
            fronts.append(await serve(authority, [f"{letter}.desk.test"], None, fault))
        android, options = about(fronts, root)
        (log,), diagnoses, left = await settle_unnamed(android, [a_log()], options, {})
    finally:
        for front in fronts:
            await front.close()
    assert log.signals[0].host == named
    assert [host for host, _ in diagnoses] == ([named] if named else [])
    assert [f.kind for f in left] == ([] if named else ["host-not-named"])
    assert not left or ("a.desk.test" in left[0].text and "b.desk.test" in left[0].text)
    if named:
        (diagnosis,) = diagnoses.values()
        assert diagnosis.causes[0] is Cause.SELF_SIGNED
        assert diagnosis.client_saw == "Trust anchor not found"


async def test_where_the_log_names_every_host_nobody_is_asked(tmp_path: Path) -> None:
    android, options = about([], tmp_path / "none.pem")
    log = SessionLog("s", "curious", "phone", ("app.apk", 0), ())
    assert await settle_unnamed(android, [log], options, {}) == ([log], {}, [])


def test_the_hosts_of_a_package_are_those_it_speaks_tls_with(tmp_path: Path) -> None:
    hosts = hosts_of(read_app(CARELESS, tmp_path))
    assert 0 < len(hosts) <= MOST_HOSTS
    assert all("." in host and port > 0 for host, port in hosts)
    assert not {"schemas.android.com", "www.w3.org"} & {host for host, _ in hosts}
