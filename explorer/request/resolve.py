"""Resolves the names in a run request to personas and journeys, and adds internal options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from explorer.request.account import Account
from explorer.request.addresses import checked_url, endpoint_of
from explorer.request.errors import RequestError, unknown
from explorer.request.request import RequestFields, RunRequest
from explorer.request.scope import Scope, scope_of
from explorer.request.state_file import stored_state
from flows.journey import Journey, JourneyError, load_catalogue, needed
from flows.private_address import is_private
from flows.session import Endpoint
from personas.persona import Persona, PersonaError, load

T = TypeVar("T")
MOST_TRIES = 2
"""How often a login may fail in a run on a public target, over all its parts (`explorer.run.login_tries`)."""
DEFAULT_PERSONAS = ("curious",)


class RunOptions(RequestFields[Persona, Journey]):
    """The options of a run: the request with its names resolved, and internal options that users cannot set.

    `steps` is the budget of each session. `only_resolved` blocks all host names without an entry in `resolve` (for the
    demo and tests).
    """

    personas: tuple[Persona, ...] = ()
    journeys: tuple[Journey, ...] = ()
    devices: tuple[str, ...] = ("desktop",)
    only_resolved: bool = False
    counter_proof: bool = True
    probe: bool = True
    screenshots: bool = True
    apps: tuple[str, ...] = ()
    """Addresses whose sites belong to the app, because its package claims them."""

    @property
    def endpoint(self) -> Endpoint:
        """Host and port of the target."""
        return endpoint_of(self.target)

    @property
    def public(self) -> bool:
        """Whether the target counts as a live site: its host is not private, and it is not declared a test system.

        Only the host as written counts here, not the addresses that it resolves to."""
        return not self.test_system and not is_private(self.endpoint[0])

    @property
    def scope(self) -> Scope:
        """The origins at which the run's secrets may be used."""
        return scope_of(self.target, self.allow_origins, self.login_at, self.apps)

    @property
    def account(self) -> Account | None:
        """The login, and the scope in which it may be used. None if no login was given."""
        return Account(self.login, self.scope) if self.login is not None else None


def resolve(request: RunRequest, **more: Any) -> RunOptions:
    """The options of a run for this request, with the fields in `more` set, too.

    Raises RequestError, which names the field that is wrong.
    """
    stored_state(request.storage_state)  # a file that cannot be read is told before anything is opened
    given = {name: getattr(request, name) for name in RunRequest.model_fields}
    days = request.expiring_days if request.expiring_days is not None else request.failing.days
    journeys = journeys_named(request.journeys)
    if request.login is not None:
        journeys = with_openers(journeys, known_journeys())
    given |= {"personas": personas_named(request.personas), "journeys": journeys, "expiring_days": days}
    options = RunOptions.model_validate({**given, **more})
    if options.login and options.public and options.shard and options.shard.of > MOST_TRIES:
        raise RequestError(
            "shard",
            f"With a login, a public target is split into at most {MOST_TRIES} parts: each part may fail to log in once, "
            "and many sites lock an account after a few failures. --test-system says that the target is yours to try out.",
        )
    return options


def checked_target(text: str) -> str:
    """The target as a web address. Raises RequestError if the text is not a web address."""
    try:
        return checked_url(text)
    except ValueError as error:
        raise RequestError("target", str(error)) from error


def known_journeys(field: str = "journeys") -> tuple[Journey, ...]:
    """All journeys, including those in ./journeys. Raises RequestError for an invalid file there."""
    try:
        return tuple(load_catalogue(_own("journeys")))
    except JourneyError as error:
        raise RequestError(field, str(error)) from error


def known_personas() -> tuple[Persona, ...]:
    """All personas, including those in ./personas. Raises RequestError for an invalid file there."""
    try:
        return tuple(load(_own("personas")))
    except PersonaError as error:
        raise RequestError("personas", str(error)) from error


def journeys_named(names: Iterable[str], field: str = "journeys") -> tuple[Journey, ...]:
    """The journeys with these names; all if `names` is empty. Raises RequestError that lists the known ones."""
    return _named("journey", tuple(names), known_journeys(field), lambda journey: journey.id, field)


def with_openers(wanted: tuple[Journey, ...], known: Sequence[Journey]) -> tuple[Journey, ...]:
    """The wanted journeys, followed by the journeys that they need, such as a login.

    A user who gives credentials expects the login to be tried."""
    opening = {name for journey in wanted for name in needed(journey, known)}
    return (*wanted, *(journey for journey in known if journey.id in opening and journey not in wanted))


def personas_named(names: Iterable[str], default: tuple[str, ...] = DEFAULT_PERSONAS) -> tuple[Persona, ...]:
    """The personas with these names; `all` stands for every one. Raises RequestError that lists the known ones."""
    wanted = tuple(names) or default
    known = known_personas()
    return known if "all" in wanted else _named("persona", wanted, known, lambda persona: persona.name, "personas")


def _named(
    kind: str, names: tuple[str, ...], known: tuple[T, ...], name: Callable[[T], str], field: str
) -> tuple[T, ...]:
    by_name = {name(each): each for each in known}
    for word in names:
        if word not in by_name:
            raise RequestError(field, unknown(kind, word, by_name))
    return tuple(by_name[word] for word in dict.fromkeys(names)) or known


def _own(name: str) -> tuple[Path, ...]:
    """The folder `name` beside trustwalk.yml, as a tuple of one; empty if there is no such folder."""
    return (Path(name),) if Path(name).is_dir() else ()
