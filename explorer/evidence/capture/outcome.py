"""Tells how a connection of a capture ended, as far as it shows: it worked, it failed and by which side, or nobody knows. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from explorer.evidence.capture import meanings
from explorer.evidence.capture.conversation import SMALL, TLS_1_3, WARNINGS, Conversation, Side
from explorer.evidence.capture.hellos import ClientHello, ServerHello
from explorer.evidence.capture.meanings import alert_words
from explorer.evidence.capture.records import ALERT, DATA
from explorer.tls.wire import alert_name

PATIENCE = 3.0
"""Seconds without an answer after which a side that leaves, or a capture that ends, shows that there was none."""
TLS_1_2 = 0x0303


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a connection ended. `error` is empty if it did not fail; `opened`: its handshake ended well. Neither: nobody knows.

    `left`: the client gave up early, which proves nothing. `by_server`: the server ended it. `ended` is in the words of a
    probe (`flows.probe_facts`, «handshake»). `refused`: what the client refused was the server's choice of a version.
    """

    error: str = ""
    opened: bool = False
    left: bool = False
    by_server: bool = False
    ended: str = ""
    refused: bool = False


UNKNOWN = Outcome()
OPENED = Outcome(opened=True)
LEFT = Outcome(left=True)


def outcome_of(talk: Conversation, until: float) -> Outcome:
    """How it ended. `until` is the time of the last packet of the capture."""
    if not talk.answered and not talk.midway:
        return _unanswered(talk, until)
    if talk.sides is None or not isinstance(talk.sides[0].hello, ClientHello):
        return UNKNOWN
    client, server = talk.sides
    if talk.opened:
        return _after(talk)
    if not talk.heard:
        return UNKNOWN  # only one direction was captured
    if server.spoke and not server.records.begun:  # to which some clients answer with an alert
        plain = not client.records.before and len(server.records.before) >= 3
        return Outcome(meanings.NOT_TLS, by_server=True, ended="not-tls") if plain else UNKNOWN
    if not server.spoke:
        return _silent(talk, until)  # also if the client gave up with an alert
    if talk.first_alert:
        return _alerted(talk, client, server)
    if talk.lost or not talk.first_end:
        return UNKNOWN
    return _broken_off(talk, client, server)


def _unanswered(talk: Conversation, until: float) -> Outcome:
    if talk.refused:
        return Outcome(meanings.REFUSED, by_server=True)
    if talk.heard or not talk.asked:
        return UNKNOWN
    return Outcome(meanings.UNANSWERED) if max(until, talk.last) - talk.started >= PATIENCE else UNKNOWN


def _silent(talk: Conversation, until: float) -> Outcome:
    """The server took the connection, and did not answer the ClientHello. A client that gives up may say so by an alert."""
    if talk.lost:
        return UNKNOWN
    if talk.first_end == "server" and not talk.first_alert:
        error = meanings.CUT_RESET if talk.reset else meanings.CUT_END
        return Outcome(error, by_server=True, ended="reset" if talk.reset else "closed")
    waited = (talk.alerted_at or talk.ended_at or until) - talk.hello_at
    if waited < PATIENCE:
        return LEFT if talk.first_alert or talk.first_end else UNKNOWN
    return Outcome(meanings.SILENT, ended="timeout")


def _alerted(talk: Conversation, client: Side, server: Side) -> Outcome:
    by_client = talk.first_alert == "client"
    said = client if by_client else server
    name = alert_name(next(code for level, code in said.alerts if (level, code) not in WARNINGS))
    hello = server.hello
    if by_client and hello is None:
        return UNKNOWN if talk.lost else Outcome(meanings.GARBLED, by_server=True, ended="error")
    if by_client:
        refused = name == "protocol_version" or not _offered(client, hello)
        return Outcome(alert_words(name, by_client=True), ended="alert", refused=refused)
    assert isinstance(client.hello, ClientHello)
    offered = set(client.hello.versions)
    lacks = bool(offered) and not {TLS_1_2, TLS_1_3} <= offered
    if hello is None and lacks and (name == "protocol_version" or client.hello.newest < TLS_1_2):
        return Outcome(meanings.NO_COMMON, by_server=True, ended="alert")
    return Outcome(alert_words(name, by_client=False), by_server=True, ended="alert")


def _offered(client: Side, hello: object) -> bool:
    """Whether the client offered the version that the server chose, as far as is known."""
    if not isinstance(hello, ServerHello) or not isinstance(client.hello, ClientHello) or not client.hello.versions:
        return True
    offered = client.hello.versions
    return hello.version in offered or (len(offered) == 1 and hello.version < offered[0])


def _broken_off(talk: Conversation, client: Side, server: Side) -> Outcome:
    """The handshake began and did not end, and there was no alert that can be read."""
    if talk.first_end == "server" and not talk.gave_up:
        return Outcome(meanings.CUT_LATER, by_server=True, ended="reset" if talk.reset else "closed")
    soon = talk.ended_at - talk.hello_at < PATIENCE
    if soon and not server.chain and 0 < talk.version < TLS_1_2:
        return Outcome(meanings.OLD_CHOICE, ended="closed", refused=True)
    if talk.version == TLS_1_3:
        flight = any(not by for by, _, _ in talk.sealed)
        return Outcome(meanings.HUNG_UP_SEALED) if flight else LEFT
    if not server.chain or client.exchanged_key:
        return LEFT
    return Outcome(meanings.HUNG_UP_ASKED if server.asked_certificate else meanings.HUNG_UP)


def _after(talk: Conversation) -> Outcome:
    """The handshake ended well. What came after it tells whether the other side was content."""
    if talk.version != TLS_1_3:
        asked = _first(talk, lambda by, kind, _: by and kind == DATA)
        closed = talk.first_end == "client" or any(by and kind == ALERT for by, kind, _ in talk.sealed)
        quiet = asked is None and closed and not talk.lost
        return Outcome(meanings.NOTHING_ASKED, opened=True) if quiet else OPENED
    done = _first(talk, lambda by, _, size: by and size >= SMALL)
    assert done is not None
    later = talk.sealed[done + 1 :]
    asked = next((n for n, (by, _, size) in enumerate(later) if by and size >= SMALL), None)
    if asked is None:
        closed = talk.first_end == "client" or any(by for by, _, _ in later)  # small ones: an alert
        quiet = closed and not talk.lost
        return Outcome(meanings.NOTHING_ASKED, opened=True) if quiet else OPENED
    answers = [size for by, _, size in later if not by]
    alert_only = bool(answers) and all(size < SMALL for size in answers)
    if alert_only and talk.first_end == "server" and not talk.lost and not any(by and s < SMALL for by, _, s in later):
        return Outcome(meanings.REFUSED_SEALED, by_server=True)
    return OPENED


def _first(talk: Conversation, test: Callable[[bool, int, int], bool]) -> int | None:
    return next((n for n, each in enumerate(talk.sealed) if test(*each)), None)
