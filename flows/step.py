"""The actions of a persona and their outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActionKind(StrEnum):
    """Everything that a persona can do, in a browser or on a device."""

    OPEN = "open"  # go to the target's start
    TAP = "tap"
    HOVER = "hover"  # rest the pointer on an element, which stays there until the next action
    TYPE = "type"  # replaces the field's text with `text`
    PRESS = "press"  # a key: `text` is `Enter`, `Tab`, `Escape`…
    CHOOSE = "choose"  # an option of a list: `text` is its label
    UPLOAD = "upload"  # `text` is the path of a generated file
    SCROLL = "scroll"  # `text` is `down` or `up`
    BACK = "back"
    RELAUNCH = "relaunch"  # reload on the web, restart on Android
    WAIT = "wait"  # wait and watch the screen
    SWITCH = "switch"  # to another tab or window; `text` is its number, or `new` for a second tab on the target
    ROTATE = "rotate"  # turn a phone; `text` is `landscape` or `portrait`
    ACCEPT = "accept"  # a native dialog
    DISMISS = "dismiss"
    ASK = "ask"  # something that only its requests show, in a recording; `label` is the first of them


@dataclass(frozen=True, slots=True)
class Action:
    """One action of a persona.

    `ref` and `key` are those of the action's element, and empty if it has none. `label` is for people to read. `times`
    is how often a tap is done in a row (2 for an impatient double click). With `keyboard`, the surface reaches the
    element with the Tab key and then presses Enter or Space. `secret` marks text that the journal must not show."""

    kind: ActionKind
    ref: str = ""
    key: str = ""
    text: str = ""
    label: str = ""
    times: int = 1
    keyboard: bool = False
    secret: bool = False
    frame: str = ""
    """Key of the frame that the element is in (`Element.frame`)."""
    credential: str = ""
    """`user` or `password` if the action types this part of the given login. `text` is then a placeholder. The surface
    replaces it, because only the surface knows where the login may be used."""


@dataclass(frozen=True, slots=True)
class Target:
    """Describes the element of an action, so that a script can find it again.

    The element's value is left out, because it may be secret. `hints` are the developer's words (`Element.hints`: test
    id, id, name, placeholder…). `place` is the element's index, from 0, among the elements of the same role and name in
    its frame. `frame_url` is the URL of its frame's document, empty for the main one.
    """

    role: str
    name: str = ""
    kind: str = ""
    hints: tuple[str, ...] = ()
    place: int = 0
    frame_url: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """An action and its reason: the journey and stage that it serves. Both are empty if the persona only explores."""

    action: Action
    journey: str = ""
    stage: str = ""
    attempt: int = 1
    why: str = ""
    expects: bool = False
    """Whether the stage's outcome is due after this action. If so, cues are awaited until the persona gives up."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A sign of success or failure that appeared with an action."""

    journey: str
    outcome: str  # `success`, `failure`, or `detour` (the app asks for something else first)
    kind: str  # `words`, `new-row`, `message-in-log`, `form-gone`, `number`, `download`, `error-page`, `blank`, …
    text: str  # the text or sight, shortened to one line
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a session and its outcome.

    Times are seconds since the epoch. `settled_as` is `quiet`, `pending` (requests still hung when patience ended),
    `busy` (a spinner still turned), `crashed` or `refused` (the element could not be acted on; `problem` says why).
    `before` and `after` are screen fingerprints.
    """

    n: int
    session: str
    decision: Decision
    started: float
    settled: float
    settled_as: str
    before: str
    after: str
    changed: bool
    cues: tuple[Cue, ...] = ()
    address: str = ""
    title: str = ""
    seen: str = ""
    """What the user saw (a `Symptom`), if the step's outcome was due and there was no sign of success."""
    problem: str = ""
    screenshot: str = ""
    target: Target | None = None
    """The data with which a regression script finds the element again; None if the action has no element."""
    native: bool = False
    """Whether the step was taken in a native app, where `address` is an activity, not a URL."""
    stayed: bool = False
    """Whether a visible control was pressed and only the focus changed (`flows.judge.flaws.stayed`)."""
    cut_short: str = ""
    """Sentences about the limits of Trustwalk that ended the step early, through no fault of the app. Empty if none."""


@dataclass(frozen=True, slots=True)
class NamedHost:
    """A TLS endpoint that a screen names.

    `door` is the name of the control or frame that leads to it. `screen` is the screen's address without query and
    fragment."""

    host: str
    port: int
    door: str = ""
    screen: str = ""
