"""A fake app that is described as data: its screens, the transitions between them, and how long these take.

It has a clock of its own. It serves tests of policies, personas and users' own journeys that need no browser:

    app = {
        "start": "home",
        "screens": {
            "home": {"address": "https://desk.test/", "title": "Desk",
                     "elements": ["link: New ticket @navigation"],
                     "moves": {"tap New ticket": "form"}},
            "form": {"elements": ["textbox: Subject", "textbox: Message #message", "button: Send"],
                     "moves": {"tap Send": {"to": "done", "needs": ["Subject", "Message"], "else": "form",
                                            "after": 0.5}}},
            "done": {"texts": ["status: Thank you. Your ticket T-1042 has been created."]},
        },
    }

An element is `role: name`, which `@region` and `#group` may follow, or a mapping with the fields of `Element`. A text
is `role: text`. In a text, `{typed}` stands for the last text that was entered. `native: true` beside `screens` makes
the app one on a device.

`moves` maps an action, as `<kind> <name>` or `<kind>` alone, to the screen that follows, or to a mapping with some of
these keys: `to` (the screen that follows), `needs` (fields that must not be empty; `screen/field` for a field of
another screen), `else` (the screen that follows if one of them is empty), `after` (seconds until the screen follows),
`downloads` (how many files are saved), `dialog` (the text of a dialog that opens) and `records`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from explorer.surfaces.surface import Acted, Audited, Settled
from flows.flaw import Flaw
from flows.record import Record
from flows.screen import Element, Frame, Screen, Text
from flows.step import Action, ActionKind


class ScriptError(ValueError):
    """The script is inconsistent. The message names the screen."""


@dataclass(slots=True)
class FakeClock:
    """A clock in seconds, whose time passes only when somebody waits."""

    now: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += max(seconds, 0.0)

    async def rest(self, seconds: float) -> None:
        """Let time pass. A session on a scripted surface uses this method in place of `asyncio.sleep`."""
        self.wait(seconds)


@dataclass(slots=True)
class ScriptedSurface:
    """A `Surface` that plays a script. `done` lists all actions so far.

    The constructor raises ScriptError if a transition leads to a screen that does not exist.
    """

    app: Mapping[str, Any]
    clock: FakeClock = field(default_factory=FakeClock)
    done: list[Action] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    _at: str = ""
    _tabs: list[str] = field(default_factory=list)
    _tab: int = 0
    _past: list[str] = field(default_factory=list)
    _next: tuple[float, str] | None = None
    _dialog: str = ""
    _downloads: int = 0
    _records: list[Record] = field(default_factory=list)
    _typed: str = ""

    def __post_init__(self) -> None:
        screens = self.app["screens"]
        for name, screen in screens.items():
            for act, move in screen.get("moves", {}).items():
                move = {"to": move} if isinstance(move, str) else move
                for goal in (move.get("to", name), move.get("else", name)):
                    if goal not in screens:
                        raise ScriptError(f"Screen «{name}», action «{act}»: there is no screen «{goal}».")
        self._at = self.app["start"]
        self._tabs = [self._at]

    async def open(self) -> Acted:
        """Go to the script's first screen."""
        started = self.clock()
        self._go(self.app["start"])
        return Acted(started)

    async def observe(self) -> Screen:
        """The current screen. A transition that is due happens first."""
        if self._next is not None and self._next[0] <= self.clock():
            self._go(self._next[1])
        script = self.app["screens"][self._at]
        screen = Screen(
            address=script.get("address", f"https://desk.test/{self._at}"),
            title=script.get("title", self._at),
            elements=tuple(self._element(e) for e in (*script.get("elements", ()), *self._shared(script))),
            texts=tuple(_text(t, self._typed) for t in script.get("texts", ())),
            frames=(Frame("", script.get("address", "")), *(Frame(**f) for f in script.get("frames", ()))),
            language=script.get("language", self.app.get("language", "en")),
            busy=script.get("busy", False),
            dialog=self._dialog,
            error=script.get("error", ""),
            windows=len(self._tabs),
            viewport=(1280, 800),
            downloads=self._downloads,
            native=self.app.get("native", False),
        )
        return replace(screen, elements=_numbered(screen.elements))

    def _shared(self, script: Mapping[str, Any]) -> Sequence[Any]:
        return () if script.get("bare") else self.app.get("everywhere", {}).get("elements", ())

    def _element(self, data: str | Mapping[str, Any]) -> Element:
        known = _parsed(data)
        filled = self.values.get(f"{self._at}/{known['name']}", known.get("value", ""))
        return Element(**{**known, "value": filled})

    async def act(self, action: Action) -> Acted:
        """Do as the script says. An action without an entry in the script changes nothing."""
        started = self.clock()
        self.done.append(action)
        screen = await self.observe()
        target = next((e for e in screen.elements if e.ref == action.ref), None)
        if action.ref and target is None:
            return Acted(started, f"«{action.label}» is not on the screen any more.")
        name = target.name if target is not None else action.text
        match action.kind:
            case ActionKind.OPEN | ActionKind.RELAUNCH:
                self._go(self.app["start"])
            case ActionKind.BACK:
                if len(self._past) > 1:
                    self._past.pop()
                    self._at = self._past[-1]
            case ActionKind.TYPE | ActionKind.CHOOSE | ActionKind.UPLOAD:
                self.values[f"{self._at}/{name}"] = action.text
                self._typed = action.text
            case ActionKind.ACCEPT | ActionKind.DISMISS:
                self._dialog = ""
            case ActionKind.SWITCH:
                self._switch(action.text)
            case _:
                pass
        self._follow(str(action.kind), name)
        return Acted(started)

    def _switch(self, text: str) -> None:
        self._tabs[self._tab] = self._at
        if text == "new":
            self._tabs.append(self.app["start"])
            self._tab = len(self._tabs) - 1
        else:
            self._tab = int(text) if text.isdigit() and int(text) < len(self._tabs) else 0
        self._go(self._tabs[self._tab])

    def _follow(self, kind: str, name: str) -> None:
        moves = {**self.app.get("everywhere", {}).get("moves", {}), **self.app["screens"][self._at].get("moves", {})}
        move = moves.get(f"{kind} {name}", moves.get(kind))
        if move is None:
            return
        if isinstance(move, str):
            move = {"to": move}
        missing = [f for f in move.get("needs", ()) if not self.values.get(f if "/" in f else f"{self._at}/{f}")]
        goal = move.get("else", self._at) if missing else move.get("to", self._at)
        if not missing:
            self._downloads += int(move.get("downloads", 0))
            self._dialog = move.get("dialog", "")
            self._records += [
                Record(self.clock(), "scripted", r["kind"], r.get("data", {})) for r in move.get("records", ())
            ]
        self._next = (self.clock() + float(move.get("after", 0)), goal)
        if not move.get("after"):
            self._go(goal)

    def _go(self, name: str) -> None:
        self._next = None
        if not self._past or self._past[-1] != name:
            self._past.append(name)
        self._at = name

    async def settle(self, limit: float, *, change: bool = False) -> Settled:
        """Advance the clock to the next transition, at most by `limit` seconds."""
        if self._next is not None and self._next[0] - self.clock() <= limit:
            self.clock.wait(self._next[0] - self.clock())
            return Settled("quiet", self.clock())
        busy = bool(self.app["screens"][self._at].get("busy"))
        if change or busy or self._next is not None:
            self.clock.wait(limit)
        return Settled("busy" if busy else "pending" if self._next else "quiet", self.clock())

    def drain(self) -> Sequence[Record]:
        """The records that the script's transitions caused since the last call."""
        records, self._records = self._records, []
        return records

    async def screenshot(self, path: Path) -> bool:
        """Returns False: a script has no picture."""
        return False

    async def audit(self) -> Audited:
        """The `flaws` that the script lists for the current screen, as mappings with the fields of `Flaw`."""
        return Audited(tuple(Flaw(**f) for f in self.app["screens"][self._at].get("flaws", ())))

    async def close(self) -> None:
        """Does nothing: there is nothing to close."""


def screen_of(elements: Sequence[str | Mapping[str, Any]], texts: Sequence[str] = (), **facts: Any) -> Screen:
    """A screen from short descriptions, as in journey files: `role: name` for elements, `role: text` for texts.

    A text that begins with `download:` counts as a finished download. `facts` are further fields of `Screen`."""
    made = _numbered(tuple(Element(**_parsed(e)) for e in elements))
    told = tuple(_text(t, "") for t in texts if not t.startswith("download:"))
    downloads = sum(t.startswith("download:") for t in texts)
    defaults: dict[str, Any] = {"address": "https://desk.test/", "title": "", "downloads": downloads}
    return Screen(**{**defaults, **facts}, elements=made, texts=told)


def _parsed(data: str | Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(data, str):
        return {"ref": "", "key": "", **{k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}}
    role, _, rest = data.partition(": ")
    facts: dict[str, Any] = {"ref": "", "key": ""}
    words = []
    for word in rest.split(" "):
        if word.startswith("@") and len(word) > 1:
            facts["region"] = word[1:]
        elif word.startswith("#") and word[1:].isalpha():
            facts["group"] = word[1:]
        else:
            words.append(word)
    if role == "password":
        role, facts["kind"] = "textbox", "password"
    return {**facts, "role": role, "name": " ".join(words)}


def _text(line: str, typed: str) -> Text:
    role, _, text = line.partition(": ")
    return Text(text.replace("{typed}", typed), role, live=role in ("alert", "status"))


def _numbered(elements: tuple[Element, ...]) -> tuple[Element, ...]:
    """The elements with references and keys as a surface gives them. A number makes equal keys unique."""
    seen: dict[str, int] = {}
    numbered = []
    for place, element in enumerate(elements):
        base = f"{element.role}|{element.name}|{element.frame}|{element.region}"
        seen[base] = seen.get(base, 0) + 1
        numbered.append(replace(element, ref=f"e{place}", key=f"{base}|{seen[base]}"))
    return tuple(numbered)
