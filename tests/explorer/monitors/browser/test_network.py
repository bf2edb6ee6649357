"""A browser behind a proxy: its own words stay, and what the proxy hides from it is put right."""

from __future__ import annotations

from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.monitors.browser.network import Observations, WebNetwork
from flows.effects import Effect
from flows.handshake import Handshake
from flows.record import Record
from flows.signals import Exchange, Family, Signal


def tunnel(host: str, outcome: str, kind: str = "tunnel", **more: object) -> Record:
    return Record(
        1.0, "proxy", kind, {"id": "tunnel-1", "host": host, "port": 443, "outcome": outcome, "finished": 2.0, **more}
    )


def asked(url: str, error: str = "") -> list[Record]:
    """A request that was answered from where the proxy is, or failed."""
    sent = {"request": "1", "url": url, "method": "GET", "type": "Fetch", "wall": 2.0}
    end = (
        [("Network.loadingFailed", {"request": "1", "error": error, "type": "Fetch"})]
        if error
        else [
            ("Network.responseReceived", {"request": "1", "status": 200, "address": "127.0.0.1", "type": "Fetch"}),
            ("Network.loadingFinished", {"request": "1"}),
        ]
    )
    return [Record(2.0, "cdp", kind, data) for kind, data in (("Network.requestWillBeSent", sent), *end)]


def told(*records: Record) -> list[Signal | Exchange | Effect | Handshake]:
    network = WebNetwork(BrowserMonitor("s"), "s")
    seen: list[Observations] = [*map(network.feed, records), network.finish(9.0)]
    return [item for items in seen for item in items]


def test_a_server_is_where_the_proxy_found_it_and_not_where_the_proxy_is() -> None:
    items = told(tunnel("api.test", "finished", address="192.0.2.7", ended="open"), *asked("https://api.test/"))
    assert [(x.host, x.address) for x in items if isinstance(x, Exchange)] == [("api.test", "192.0.2.7")]
    assert [(h.host, h.session, h.outcome) for h in items if isinstance(h, Handshake)] == [
        ("api.test", "s", "finished")
    ]


def test_why_a_server_could_not_be_reached_is_said_as_a_browser_without_a_proxy_says_it() -> None:
    failure = asked("https://api.test/", "net::ERR_TUNNEL_CONNECTION_FAILED")
    (signal,) = [s for s in told(tunnel("api.test", "unreachable", why="refused"), *failure) if isinstance(s, Signal)]
    assert (signal.family, signal.signature, signal.error) == (Family.NETWORK, "refused", "net::ERR_CONNECTION_REFUSED")
    assert signal.text.endswith("failed with net::ERR_CONNECTION_REFUSED")
    (unknown,) = [s for s in told(*failure) if isinstance(s, Signal)]
    assert unknown.error == "net::ERR_TUNNEL_CONNECTION_FAILED"


def test_what_the_browser_says_of_tls_is_left_as_it_is() -> None:
    items = told(tunnel("api.test", "finished"), *asked("https://api.test/", "net::ERR_CERT_DATE_INVALID"))
    assert [s.error for s in items if isinstance(s, Signal)] == ["net::ERR_CERT_DATE_INVALID"]


def test_a_plain_request_shows_no_handshake() -> None:
    assert told(tunnel("api.test", "plain", kind="plain")) == []
