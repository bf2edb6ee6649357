"""The fields of a run request about what a run may do to its target, and how politely."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from explorer.request.option import Option
from explorer.request.parsing import EachOf

Allow = Literal["payment", "send", "publish", "change", "end", "delete", "hostile", "call", "mail"]
"""Actions that are performed only if `--allow` names them."""
Allowed = Annotated[
    frozenset[Allow],
    EachOf,
    Option(
        "Actions that personas may perform for real.",
        "--allow",
        "payment,send,delete…",
        words=True,
        at_server="takes",
        page="Actions that may be performed for real (none, unless ticked)",
        sample="[payment]",
        note="actions that may be performed for real",
        labels={
            "payment": "Pay: buy, order, subscribe, transfer, refund",
            "send": "Send something to other people: mails, invitations",
            "publish": "Publish, approve, decide",
            "change": "Change or add things",
            "end": "Stop, cancel, block or leave things",
            "delete": "Delete things",
            "call": "Call somebody",
            "mail": "Send mail",
            "hostile": "Type malformed input",
        },
    ),
]

TestSystem = Annotated[
    bool,
    Option(
        "The target is yours to try out: look at every harmless control, and send as often as need be.",
        "--test-system",
        at_server="takes",
        page="It is a test system of mine: try every harmless control",
        sample="true",
        note="a test system of yours: the limits for live sites do not apply",
    ),
]

ReadOnly = Annotated[
    bool,
    Option(
        "Follow links, read and log in; send nothing.",
        "--read-only",
        at_server="takes",
        page="Only follow links, read and log in: send nothing",
        sample="true",
        note="links, reading, login; nothing is sent",
    ),
]

NeverPress = Annotated[
    tuple[Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)], ...],
    Field(max_length=200),
    Option(
        "Never press a control that has this text in its name or leads to this path (/basket/*).",
        "--never-press",
        "TEXT|/PATH",
        at_server="takes",
        sample="[Unsubscribe, /basket]",
        note="texts of controls, or paths",
    ),
]

OnlyUnder = Annotated[
    tuple[Annotated[str, StringConstraints(pattern=r"^/", max_length=300)], ...],
    Field(max_length=50),
    Option(
        "Look only at pages under this path, and at the target's own page.",
        "--only-under",
        "/PATH",
        at_server="takes",
        sample="[/help, /login]",
        note="paths; everything else is left alone",
    ),
]

Rate = Annotated[
    int | None,
    Field(ge=1, le=1_000),
    Option(
        "The most actions per second, over all sessions (default: 3 on a public target, no limit elsewhere).",
        "--rate",
        "N",
        at_server="takes",
        sample="1",
        note="actions in a second over all sessions",
    ),
]

Contact = Annotated[
    str,
    Field(max_length=200, pattern=r"^[\x21-\x7e]*$"),
    Option(
        "Your contact address, named in the user agent on public targets; «none» keeps the browser's own user agent.",
        "--contact",
        "URL|MAIL|none",
        at_server="takes",
        sample='"https://example.org/about-our-tests"',
        note="your contact address in the user agent, on public targets",
    ),
]

Yes = Annotated[
    bool,
    Option(
        "Explore a public host without asking first. For CI.",
        "--yes",
        key="confirmed",  # a plain «yes» is no word in YAML
        at_server="takes",
        page="I may explore this site, and its owner knows about it",
        sample="true",
        note="explore a public host without asking first",
    ),
]
