"""Records that count only if no request reported the same failure: log lines, certificate errors, mixed content."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from explorer.monitors.browser.net_errors import classify, net_error
from explorer.monitors.browser.requests import Pending
from explorer.monitors.browser.signalling import Observations, Signaller
from flows.record import Record
from flows.signals import Family, Signal


@dataclass(slots=True)
class LateWitnesses:
    """Holds back log lines, certificate errors and reports of mixed content.

    The failed request can then report the failure first. It tells more than these records.
    """

    signaller: Signaller
    _held: list[tuple[Record, Mapping[str, Any]]] = field(default_factory=list)
    _forms: dict[str, str] = field(default_factory=dict)
    """URL of a secure document → the unencrypted URL that its form is sent to."""

    def log_line(self, record: Record, data: Mapping[str, Any]) -> None:
        """Hold a console line back if it names a network error."""
        if data.get("log") in ("network", "javascript", "other") and net_error(str(data.get("text", ""))):
            self.hold(record, data)

    def hold(self, record: Record, data: Mapping[str, Any]) -> None:
        """Hold a record back until `due()` releases it."""
        self._held.append((record, data))

    def mixed_content(self, record: Record, data: Mapping[str, Any]) -> None:
        """Handle a report of mixed content.

        The report is held back if the resource was blocked. For a form, the target's URL is remembered.
        """
        if data.get("resource") == "Form":
            self._forms[str(data.get("frame_url", ""))] = str(data["url"])
        if "Blocked" in str(data.get("status", "")):
            self.hold(record, data)  # its request, if there was one, tells more

    def due(self, until: float) -> Observations:
        """The signals of the delayed records whose wait ends by the time `until`.

        A failure that another source has reported during the wait is left out.
        """
        told: Observations = []
        while self._held and self._held[0][0].time <= until:
            record, data = self._held.pop(0)
            signal = self._mixed(record, data) if record.kind == "Audits.issueAdded" else self._line(record, data)
            told += [signal] if signal else []
        return told

    def _mixed(self, record: Record, data: Mapping[str, Any]) -> Signal | None:
        return self.signaller.insecure(record, str(data["url"]), place=_blocked_place(data), data=data)

    def _line(self, record: Record, data: Mapping[str, Any]) -> Signal | None:
        url = _address(str(data.get("text", ""))) or str(data.get("url", ""))
        error = net_error(str(data.get("text") or data.get("error") or ""))
        meaning = classify(error)
        if meaning.family is not Family.TLS or self.signaller.told_of(url, record.time):
            return None
        if data.get("request") and self.signaller.told_of_request(str(data["request"])):
            return None
        return self.signaller.signal(
            record,
            meaning.family,
            meaning.signature,
            error,
            causes=meaning.causes,
            url=url,
            place=_place(url, data),
            data=data,
            text=f"{url} failed with {error}",
        )

    def form_stopped(self, record: Record, data: Mapping[str, Any], error: str) -> Signal | None:
        """The signal of a form that Chromium did not send because its target is unencrypted; None for other failures.

        Chromium records such a form only as the failure of a document, without a request.
        """
        url = self._forms.get(str(data.get("frame_url", "")))
        if url is None or data.get("type") != "Document" or "ERR_BLOCKED_BY_CLIENT" not in error:
            return None
        return self.signaller.insecure(record, url, place="form", data=data)


def is_insecure_form(request: Pending, error: str) -> bool:
    """Whether Chromium showed its «form is not secure» page.

    In that case the client blocked an `http:` document that a secure page requested.
    """
    return (
        "ERR_BLOCKED_BY_CLIENT" in error
        and request.kind == "Document"
        and request.url.startswith("http:")
        and request.document.startswith("https:")
    )


def _address(text: str) -> str:
    found = re.search(r"(?:wss?|https?)://[^'\"\s]+", text)
    return found.group() if found else ""


def _place(url: str, data: Mapping[str, Any]) -> str:
    """The `Signal.place` of the failed request, as far as a log line shows it."""
    if url.startswith("wss:"):
        return "websocket"
    return "shared-worker" if data.get("target") == "shared_worker" else "other"


def _blocked_place(data: Mapping[str, Any]) -> str:
    """The `Signal.place` of the resource that a mixed-content issue reports as blocked."""
    if str(data["url"]).startswith("ws:"):
        return "websocket"
    return {
        "Frame": "iframe",
        "Form": "form",
        "Script": "script",
        "XMLHttpRequest": "xhr",
        "EventSource": "eventsource",
        "Beacon": "ping",
    }.get(str(data.get("resource")), "other")
