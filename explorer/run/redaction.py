"""Masks the run's secrets in everything that is written. Apps echo typed text in titles, paths and messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeVar

from explorer.request.account import Account
from explorer.request.addresses import METHODS
from explorer.request.spelling import Spellings
from flows.step import NamedHost
from reports.journal.events import Diagnosed, Event, RunStarted

T = TypeVar("T")
STRUCTURE = frozenset(
    {
        "type", "session", "of_session", "journey", "journeys", "stage", "kind", "id", "persona", "device", "verdict",
        "cause", "causes", "outcome", "severity", "weight", "rule", "fingerprint", "before", "after", "print", "screen",
        "settled_as", "role", "blocked_by", "reason", "states", "needs", "stops", "wanted", "titles", "request",
        "signals", "incidents", "also", "steps", "family", "signature", "place", "confidence", "decided_by",
        "how", "credential", "seen", "seen_by_user", "screenshot", "file", "source", "version",
        "counter_proof", "region", "from", "to", "schema",
    }
)  # fmt: skip
"""Fields with our own words, which are never masked, even if a password equals one of them («login», «submit»)."""
FOREIGN = frozenset({(NamedHost, "screen")})
"""Fields with a name of STRUCTURE that hold text of the app all the same, by their classes: the address of a screen."""
_HOSTS = frozenset({"host", "named_by"})


@dataclass(frozen=True, slots=True)
class Redactor:
    """Masks secrets. If `target` contains one (a password that equals the host's name), host fields are not masked."""

    spellings: Spellings
    target: str = ""

    @classmethod
    def of(cls, account: Account | None, target: str, tokens: Iterable[str] = ()) -> Redactor:
        """A redactor for the tokens and for the account's password.

        The password is also masked where it is joined with the user name, as in HTTP Basic."""
        known = account.passwords(tokens) if account is not None else Spellings((), (), tokens)
        return cls(known, target)

    def event(self, event: Event) -> Event:
        """The event without secrets. `RunStarted` and `Diagnosed` stay unchanged: they hold nothing that was typed."""
        return event if isinstance(event, (RunStarted, Diagnosed)) else self.value(event)

    def value(self, value: T, name: str = "") -> T:
        """The value without secrets. `name` is the name of the field that holds the value."""
        found: Any = value
        if (name in STRUCTURE and not is_dataclass(value)) or (name == "method" and value in METHODS):
            return value
        if type(value) is str:  # an enumeration's words are ours
            return value if self._stays(name) else self._text(value, name)  # type: ignore[arg-type]
        if is_dataclass(value) and not isinstance(value, type):
            return self._facts(value)
        if isinstance(value, Mapping):
            found = {key: self.value(each, str(key)) for key, each in value.items()}
        elif isinstance(value, (tuple, list)):
            found = type(value)(self.value(each, name) for each in value)
        return found  # type: ignore[no-any-return]

    def _facts(self, facts: T) -> T:
        known = [field.name for field in fields(facts) if field.init]  # type: ignore[arg-type]
        before = {name: getattr(facts, name) for name in known}
        ours = {name: "" if (type(facts), name) in FOREIGN else name for name in known}
        after = {name: self.value(each, ours[name]) for name, each in before.items()}
        same = all(after[name] is before[name] or after[name] == before[name] for name in known)
        return facts if same else type(facts)(**after)

    def _stays(self, name: str) -> bool:
        return name in _HOSTS and (self.spellings.shown(self.target) or self.spellings.found_in_host(self.target))

    def _text(self, text: str, name: str) -> Any:
        return self.spellings.masked_host(text) if name in _HOSTS else self.spellings.masked(text)
