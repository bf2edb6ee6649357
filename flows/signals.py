"""The results of monitors: failures (`Signal`) and the requests that they belong to (`Exchange`)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flows.diagnosis import Cause


class Family(StrEnum):
    """The kind of failure. Only `TLS` can have a TLS cause; the others lead to the cause `other`."""

    TLS = "tls"
    HTTP = "http"  # an answer with status 400 or more: the server was reached
    NETWORK = "network"  # DNS failure, refused connection, offline: no TLS was spoken
    SCRIPT = "script"  # an uncaught exception in the page, a console error
    CRASH = "crash"  # the page, the app or the browser died; `ANR` too


@dataclass(frozen=True, slots=True)
class Signal:
    """A failure that a record reports.

    `causes` are all causes that the client's error allows, likeliest first. They are empty unless `family` is TLS.
    `error` is the client's name for the failure. `request` is the id of the failed `Exchange`. `place` tells what the
    request was for: document, iframe, fetch, xhr, script, stylesheet, image, media, font, websocket, eventsource, ping,
    worker, service-worker, shared-worker, form, download, popup, prefetch, manifest or other. It is `app` for a native
    app, whose log does not tell this. `frame` is the key of the frame that sent the request (see `Screen.frames`).
    `document` is the URL of that frame's document.
    """

    id: str
    time: float
    session: str
    family: Family
    signature: str
    error: str
    causes: tuple[Cause, ...] = ()
    host: str = ""
    port: int = 0
    url: str = ""
    place: str = "other"
    request: str = ""
    frame: str = ""
    document: str = ""
    text: str = ""
    background: bool = False
    """Whether no user waits for this kind of request: ping, beacon, prefetch, favicon, report."""
    named_by: str = ""
    """Where `host` comes from if the client did not name it (`flows.judge.unnamed`). Such a host is weak evidence."""

    count: int = 1
    """How many failures this one signal stands for, in a storm of retries (`explorer.monitors.browser.folding`)."""
    last: float = 0.0
    """The time of the last failure that the signal stands for, in seconds since the epoch; 0 if there is only one."""

    @property
    def native(self) -> bool:
        """Whether a native app sent the request. The app's log shows only failed requests, without their purpose."""
        return self.place == "app"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as the client saw it, from start to end.

    `started` and `finished` are seconds since the epoch; `finished` is 0 while the request hangs. `outcome` is `ok`
    (answered with status < 400), `http-error`, `failed` (a signal has the error), `aborted` (by the page), `left-unasked`
    (an app finished the handshake and then sent nothing) or `pending`.
    `address` is the peer's IP address, if known. `initiator` names what started the request: `user` (navigation by
    link, form or script in the action's window), `parser`, `script`, `timer` (setInterval, setTimeout), `preload`
    or `other`. `initiator_url` is the URL of the script or document that started it.
    """

    id: str
    session: str
    started: float
    finished: float
    method: str
    url: str
    host: str
    port: int
    place: str
    outcome: str
    status: int = 0
    frame: str = ""
    document: str = ""
    initiator: str = "other"
    initiator_url: str = ""
    address: str = ""
    protocol: str = ""
    background: bool = False
    issuer: str = ""
    """Issuer of the certificate that the client accepted, if known."""
    expires: float = 0.0
    """The certificate's notAfter, in seconds since the epoch; 0 if unknown."""
