"""Every place in a page × a host with an expired certificate: one TLS signal that names host and place, and nothing else."""

from __future__ import annotations

import pytest

from flows.diagnosis import Cause
from flows.signals import Family
from flows.step import Action, ActionKind
from tests.explorer.surfaces.web_world import BAD, GOOD, OTHER, World, brief, named, tap, told

pytestmark = pytest.mark.asyncio(loop_scope="module")

DATE = "net::ERR_CERT_DATE_INVALID"
ALONE = {  # place → page that asks for it by itself
    "iframe": '<iframe src="{bad}/x"></iframe>',
    "fetch": '<script>fetch("{bad}/x")</script>',
    "fetch with preflight": '<script>fetch("{bad}/x", {method: "PUT", headers: {a: "b"}})</script>',
    "fetch in a cross-site iframe": '<iframe src="{other}/inner"></iframe>',
    "xhr": '<script>x = new XMLHttpRequest; x.open("GET", "{bad}/x"); x.send()</script>',
    "script": '<script src="{bad}/x.js"></script>',
    "image": '<img src="{bad}/x.png">',
    "stylesheet": '<link rel=stylesheet href="{bad}/x.css">',
    "websocket": '<script>new WebSocket("{ws-bad}/ws")</script>',
    "websocket in a worker": '<script>new Worker("/socket.js")</script>',
    "websocket in a shared worker": '<script>new SharedWorker("/socket.js", "s")</script>',
    "eventsource": '<script>e = new EventSource("{bad}/events"); e.onerror = () => e.close()</script>',  # else it asks again
    "ping": '<script>navigator.sendBeacon("{bad}/x", "a")</script>',
    "worker": '<script>new Worker("/worker.js")</script>',
    "service-worker": '<script>navigator.serviceWorker.register("/service.js").then(() => navigator.serviceWorker.ready)'
    ".then(r => r.active.postMessage(1))</script>",
}
TAPPED = {
    "document": '<a href="{bad}/x">go</a>',
    "form": '<form method=post action="{bad}/x"><button>go</button></form>',
    "popup": '<a target=_blank href="{bad}/x">go</a>',
    "popup without opener": "<button onclick=\"open('{bad}/x', '_blank', 'noopener')\">go</button>",
    "document, as a download": '<a download href="{bad}/file">go</a>',
}


@pytest.fixture(autouse=True)
def scripts(world: World) -> None:
    world.pages |= {
        "/worker.js": 'fetch("{bad}/x")',
        "/socket.js": 'new WebSocket("{ws-bad}/ws")',
        "/service.js": 'onmessage = () => fetch("{bad}/x")',
        "/inner": '<script>fetch("{bad}/x")</script>',
        "/nocors": "x",
    }


@pytest.mark.parametrize("place", ALONE)
async def test_what_a_page_asks_for_by_itself_is_told_once(world: World, place: str) -> None:
    async with world.surface(ALONE[place]) as surface:
        signals, exchanges = await told(surface)
        assert brief(signals) == [(BAD, place.split(" ")[0], DATE)]
        assert signals[0].family is Family.TLS and signals[0].causes[:2] == (Cause.EXPIRED, Cause.NOT_YET_VALID)
        assert [x.outcome for x in exchanges if x.id == signals[0].request] == ["failed"]


@pytest.mark.parametrize("place", TAPPED)
async def test_what_a_tap_asks_for_is_told_once_and_shows_an_error_page(world: World, place: str) -> None:
    async with world.surface(TAPPED[place]) as surface:
        acted = await surface.act(tap(named(await surface.observe(), "go")))
        await surface.settle(5)
        screen = await surface.observe()
        signals, _ = await told(surface)
        assert acted.problem == ""
        assert brief(signals) == [(BAD, place.split(" ")[0].strip(","), DATE)]
        assert (screen.error, screen.windows) == (DATE, 2 if place.startswith("popup") else 1)


async def test_a_frame_that_failed_has_the_same_key_on_screen_and_in_the_signal(world: World) -> None:
    async with world.surface('<p>x<iframe src="{bad}/x"></iframe>') as surface:
        screen = await surface.observe()
        signals, _ = await told(surface)
        assert [(f.key, f.error) for f in screen.frames] == [("", ""), (signals[0].frame, DATE)]


async def test_a_request_of_an_interval_is_known_as_the_timers(world: World) -> None:
    page = '<button onclick="fetch(\'{bad}/once\')">go</button><script>i = setInterval(() => { fetch("{bad}/x"); clearInterval(i) }, 10)</script>'
    async with world.surface(page) as surface:
        await surface.act(tap(named(await surface.observe(), "go")))
        _, exchanges = await told(surface, Family.TLS, until=2)
        assert {x.url.rsplit("/", 1)[1]: x.initiator for x in exchanges if x.host == BAD} == {
            "x": "timer",
            "once": "script",
        }


MIXED = {
    "script": '<script src="{plain}/x.js"></script>',
    "fetch": '<script>fetch("{plain}/x")</script>',
    "iframe": '<iframe src="{plain}/x"></iframe>',
    "websocket": '<script>try { new WebSocket("{ws-plain}/ws") } catch (e) { }</script>',
    "form": '<form method=post action="{plain}/x"><button>go</button></form>',
}


@pytest.mark.parametrize("place", MIXED)
async def test_what_is_not_encrypted_on_an_encrypted_page_is_mixed_content(world: World, place: str) -> None:
    async with world.surface(MIXED[place]) as surface:
        if place == "form":
            await surface.act(tap(named(await surface.observe(), "go")))
        signals, _ = await told(surface)
        assert [(s.host, s.place, s.causes) for s in signals] == [(OTHER, place, (Cause.MIXED_CONTENT,))]


NOT_TLS = {  # what happens → page, and the only signal's family, signature and host
    "dns": ('<script>fetch("https://nowhere.test/x")</script>', (Family.NETWORK, "dns", "nowhere.test")),
    "refused": ('<script>fetch("https://refused.test:1234/x")</script>', (Family.NETWORK, "refused", "refused.test")),
    "500": ('<script>fetch("/status/500")</script>', (Family.HTTP, "http-500", GOOD)),
    "404 of an API": ('<script>fetch("/status/404")</script>', (Family.HTTP, "http-404", GOOD)),
    "cors": ('<script>fetch("{other}/nocors")</script>', (Family.HTTP, "cors", OTHER)),
    "500 of a socket": ('<script>new WebSocket("{ws-other}/status/500")</script>', (Family.HTTP, "http-500", OTHER)),
    "script error": (
        "<script>setTimeout(() => { throw new Error('boom') })</script>",
        (Family.SCRIPT, "exception", GOOD),
    ),
}


@pytest.mark.parametrize("what", NOT_TLS)
async def test_other_failures_are_told_once_and_are_not_tls(world: World, what: str) -> None:
    page, expected = NOT_TLS[what]
    async with world.surface(page) as surface:
        signals, _ = await told(surface)
        assert [(s.family, s.signature, s.host) for s in signals] == [expected]
        assert signals[0].causes == ()


QUIET = {
    "aborted": '<script>c = new AbortController; fetch("/hang", {signal: c.signal}).catch(e => done.textContent = "over"); setTimeout(() => c.abort())</script><p id=done>',
    "image missing": '<img src="/missing.png"><p>over',
    "favicon missing": "<p>over",
    "blocked by its own policy": "<meta http-equiv=Content-Security-Policy content=\"img-src 'none'\"><img src='{other}/x.png'><p>over",
}


@pytest.mark.parametrize("what", QUIET)
async def test_what_fails_nobody_is_no_signal(world: World, what: str) -> None:
    async with world.surface(QUIET[what]) as surface:
        assert "over" in (await surface.observe()).words()
        signals, _ = await told(surface, until=0)
        assert signals == []


async def test_a_good_download_is_counted_and_is_no_failure(world: World) -> None:
    async with world.surface('<a href="/file">go</a>') as surface:
        await surface.act(tap(named(await surface.observe(), "go")))
        await surface.settle(5)
        assert (await surface.observe()).downloads == 1
        signals, exchanges = await told(surface, until=0)
        assert signals == []
        assert {x.id: (x.place, x.outcome) for x in exchanges if x.url.endswith("/file")}.popitem()[1] == (
            "download",
            "ok",
        )


SHOWN = {
    "a text": ("/note.txt", "text/plain", b"words"),
    "a picture": (
        "/dot.gif",
        "image/gif",
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
    ),
    "a document": ("/page.pdf", "application/pdf", b"%PDF-1.4\n%%EOF"),
}


@pytest.mark.parametrize("what", SHOWN)
@pytest.mark.parametrize("target", ["", " target=_blank"])
async def test_a_file_that_opens_in_a_tab_was_received_all_the_same(world: World, what: str, target: str) -> None:
    path, kind, body = SHOWN[what]
    world.files[path] = (kind, body)
    async with world.surface(f'<a href="{path}"{target}>go</a>') as surface:
        await surface.act(tap(named(await surface.observe(), "go")))
        await surface.settle(5)
        if not (await surface.observe()).downloads:
            await surface.settle(20, change=True)
        assert (await surface.observe()).downloads == 1


async def test_a_page_or_an_error_is_no_file(world: World) -> None:
    world.pages["/more"] = "<p>more</p>"
    async with world.surface('<a href="/more">more</a> <a href="/status/404">gone</a>') as surface:
        for name in ("more", "gone"):
            await surface.act(tap(named(await surface.observe(), name)))
            await surface.settle(5)
            assert (await surface.observe()).downloads == 0
            await surface.act(Action(ActionKind.BACK))
            await surface.settle(5)


async def test_a_request_that_hangs_is_pending_and_no_signal(world: World) -> None:
    async with world.surface("<button onclick=\"fetch('/hang')\">go</button>") as surface:
        await surface.act(tap(named(await surface.observe(), "go")))
        settled = await surface.settle(0.3)
        assert settled.how == "pending" and [u.rsplit("/", 1)[1] for u in settled.pending] == ["hang"]
        signals, exchanges = await told(surface, until=0)
        assert signals == []
        assert [(x.outcome, x.finished) for x in exchanges if x.url.endswith("/hang")] == [("pending", 0.0)]


async def test_a_good_exchange_tells_address_protocol_and_certificate(world: World) -> None:
    async with world.surface("<p>x") as surface:
        _, exchanges = await told(surface, until=0)
        first = exchanges[0]
        assert (first.host, first.outcome, first.address, first.place) == (GOOD, "ok", "127.0.0.1", "document")
        assert first.protocol.startswith("TLS 1.") and "Trustwalk" in first.issuer and first.expires > first.started


LET_PAST = {
    "document": '<a href="{bad}/good">go</a>',
    "iframe": '<iframe src="{bad}/good"></iframe>',
    "fetch": '<p id=p></p><script>fetch("{bad}/good").then(r => r.text()).then(t => p.textContent = t)</script>',
    "fetch in a cross-site iframe": '<iframe src="{other}/asks"></iframe>',
    "websocket": '<p id=p></p><script>w = new WebSocket("{ws-bad}/ws"); w.onmessage = m => p.textContent = m.data</script>',
}


@pytest.mark.parametrize("place", LET_PAST)
async def test_a_counter_proof_lets_one_host_past_and_no_other(world: World, place: str) -> None:
    world.pages |= {
        "/good": "hello",
        "/asks": '<p id=p></p><script>fetch("{bad}/good").then(r => r.text()).then(t => p.textContent = t)</script>',
    }
    for host, expected in ((BAD, True), (OTHER, False)):
        async with world.surface(LET_PAST[place], let_past=frozenset({(host, world.bad.port)})) as surface:
            screen = await surface.observe()
            if place == "document":
                await surface.act(tap(named(screen, "go")))
                await surface.settle(5)
            elif expected and "hello" not in screen.words():
                await surface.settle(5, change=True)
            assert ("hello" in (await surface.observe()).words()) is expected
