"""What really happened in the demo. Tests compare the explorer's verdicts with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request that reached the tickets host."""

    number: str
    name: str
    email: str
    subject: str
    category: str
    message: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A document on the files host.

    `seeded` tells whether it existed when the demo started.
    """

    id: str
    name: str
    type: str
    content: bytes
    seeded: bool = False

    @property
    def size(self) -> str:
        """The size as people read it, such as «12 KB»."""
        return f"{max(1, round(len(self.content) / 1024))} KB"


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that the provider accepted. As with real providers, only the last four digits are kept."""

    invoice: str
    holder: str
    last4: str


@dataclass(slots=True)
class State:
    """Everything that reached a backend since the demo started. Nothing is ever removed."""

    tickets: list[Ticket] = field(default_factory=list)
    chat_opened: int = 0
    chat_lines: list[str] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    downloads: list[str] = field(default_factory=list)
    logins: list[tuple[str, bool]] = field(default_factory=list)
    logouts: int = 0
    profiles_read: int = 0
    articles_read: list[str] = field(default_factory=list)
    checkouts: int = 0
    payments: list[Payment] = field(default_factory=list)
    newsletter: list[str] = field(default_factory=list)
    deletions: int = 0
    beacons: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    """Number of requests to each backend, by short host name."""

    @property
    def uploads(self) -> list[StoredFile]:
        """Files that somebody uploaded while the demo ran."""
        return [file for file in self.files if not file.seeded]
