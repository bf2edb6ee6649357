"""The running support desk as its backends see it: settings, sessions, shared state and each host's misbehaviour."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field

from explorer.lab.demo.documents import first_documents
from explorer.lab.demo.state import State
from explorer.lab.demo.texts import LANGUAGES, Texts, load_texts

SLOW = 30.0
"""Seconds until a «slow» host responds, unless it is repaired earlier."""


@dataclass(slots=True)
class Desk:
    """One running demo. `origins` maps short host names to `https://host:port`."""

    skin: str
    language: str
    seed: int
    login: tuple[str, str]
    origins: dict[str, str] = field(default_factory=dict)
    state: State = field(default_factory=State)
    misbehaviour: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    slow: float = SLOW
    blemished: bool = False
    """Whether the app has flaws for the report's section «Seen on the way». No journey depends on them."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.state.files.extend(first_documents(self.texts()))

    def texts(self, language: str = "") -> Texts:
        """The texts of this skin in `language`.

        If the demo does not have that language, or if it is empty, the demo's default language is used.
        """
        return load_texts(language if language in LANGUAGES else self.language)[self.skin]

    def secret(self) -> str:
        """A new id, unique in this run."""
        return f"{self.random.getrandbits(96):024x}"

    def misbehave(self, host: str, how: str) -> None:
        """Make `host` fail from now on. An empty `how` repairs it and releases slow responses."""
        self.misbehaviour.pop(host, None)
        if how:
            self.misbehaviour[host] = how
        self.changed.set()
        self.changed = asyncio.Event()

    async def dawdle(self, host: str) -> None:
        """Wait as a slow host does: until it is repaired, but at most `slow` seconds."""
        try:
            async with asyncio.timeout(self.slow):
                while self.misbehaviour.get(host) == "slow":
                    await self.changed.wait()
        except TimeoutError:
            return
