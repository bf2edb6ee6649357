"""Follows the login through one session: what was typed, whether it was sent and accepted, and who asked for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from explorer.policy.foreign_login import elsewhere
from explorer.policy.policy import Policy
from explorer.request.account import Account, typed_texts
from explorer.request.spelling import Spellings
from explorer.run.credential_findings import leak_told
from explorer.run.login_tries import LoginTries, Try
from explorer.surfaces.surface import CREDENTIALS, Acted
from flows.journey import Journey, Role
from flows.record import Record
from flows.screen import Screen
from flows.signals import Exchange, Family, Signal
from flows.step import Action, ActionKind, Cue, Decision, Step


@dataclass(slots=True)
class LoginUse:
    """Follows the login through one session.

    `account` holds the login, and the scope in which it may be used. `tries` are shared by all sessions of a run.
    `leaks` are the surface's records about places where the login must not be used."""

    account: Account | None = None
    tries: LoginTries = field(default_factory=LoginTries)
    leaks: list[Record] = field(default_factory=list)
    _spellings: Spellings | None = None
    _password_typed: bool = False
    """Whether a password was typed into a form that was not sent yet."""
    _just_typed: bool = False
    """Whether the last action typed the password.

    At the next action, the field loses the focus, and the page may then send the password."""
    _typed_in: tuple[str, str] = ("", "")
    """The journey that typed the password, and the address of the document that got it."""
    _answered: float = 0.0
    """When a server last answered a request that carried the login, in seconds since the epoch."""
    _password_answered: float = 0.0
    """When a server last answered a request that carried the password, in seconds since the epoch."""
    _doubtful: int = 0
    """How many tries of this session count as failed only because a page sent the password by itself.

    If the login succeeds later, they do not count any more."""

    def typed(self, action: Action) -> Sequence[str]:
        """The text that an action types, or the file name that it attaches, as a sequence of one; empty for other
        actions.

        An action that types a part of the login holds a placeholder. For such an action, the login's own text is
        returned."""
        if not action.credential:
            return (action.text,) if action.kind in (ActionKind.TYPE, ActionKind.UPLOAD) and action.text else ()
        self._password_typed = self._password_typed or action.credential == "password"
        return typed_texts(self.account, action.credential)

    def shows(self, screen: Screen) -> bool:
        """Whether a screen shows the password, so that no picture of it may be taken."""
        if self.account is None:
            return False
        self._spellings = self._spellings or self.account.passwords()
        shown = (t.text for t in screen.texts), (f"{e.name}\n{e.value}" for e in screen.elements)
        return self._spellings.shown("\n".join((screen.title, screen.dialog, *shown[0], *shown[1])))

    def is_sent_by(self, decision: Decision, journeys: Iterable[Journey]) -> bool:
        """Whether a decision submits the typed password. If it does, no page is expected to send that password
        later."""
        journey = next((j for j in journeys if j.id == decision.journey), None)
        stage = journey.stage(decision.stage) if journey else None
        pressed = decision.action.kind in (ActionKind.TAP, ActionKind.PRESS)
        typed = self._password_typed or self._just_typed
        sent = typed and pressed and stage is not None and stage.do == "submit"
        self._password_typed = self._password_typed and not sent
        return sent

    def sifted(self, records: Iterable[Record]) -> Iterator[Record]:
        """Yields the records that are not about the login. Records about the login are not yielded: leaks are kept
        in `leaks`, and the times of answers are noted."""
        for record in records:
            if record.source != CREDENTIALS:
                yield record
            elif record.kind == "answered":
                self._answered = record.time
                if record.data.get("what") == "the password":
                    self._password_answered = record.time
            else:
                self.leaks.append(record)

    def may_leave(self, decision: Decision, before: Screen) -> bool:
        """Whether a page may send the password by itself after this action.

        True if this action or the last one types the password. If a typed password was not sent yet, also true in
        three cases: the screen shows a dialog, a field on the screen holds a password, or the action continues the
        login in the same document."""
        if self._just_typed or decision.action.credential == "password":
            return True
        goes_on = decision.journey == self._typed_in[0] and _document(before) == self._typed_in[1]
        return self._password_typed and (goes_on or bool(before.dialog) or _holds_password(before))

    def followed(self, decision: Decision, before: Screen, got_in: bool = False) -> None:
        """Remember after an action whether the password was typed, and where. After a login that succeeded
        (`got_in`), no page is expected to send the typed password later."""
        typing = decision.action.credential == "password"
        if typing:
            self._typed_in = (decision.journey, _document(before))
        self._just_typed = typing and not got_in
        self._password_typed = self._password_typed and not got_in

    def got_in(
        self, decision: Decision, journeys: Iterable[Journey], judged: Callable[[Decision], Sequence[Cue]]
    ) -> bool:
        """Whether the screen after a decision looks like that of a successful login.

        The screen is judged as if the decision had sent the login form. `judged` returns the cues that this screen
        gives for a decision."""
        journey = next((j for j in journeys if j.id == decision.journey), None)
        stages = [decision.stage, *(s.id for s in journey.stages if s.do == "submit")] if journey else []
        cues = (cue for stage in dict.fromkeys(stages) for cue in judged(replace(decision, stage=stage)))
        return any(c.outcome == "success" for c in cues)

    def count(
        self,
        one: Try,
        step: Step,
        after: Screen,
        sent: bool,
        got_in: bool,
        signals: Iterable[Signal],
        exchanges: Iterable[Exchange],
    ) -> None:
        """Set how a try ended. `sent` says that the action itself sent the login.

        A page may also send the login by itself. This counts as a failed try in two cases: a server answered a request
        with the password, or a server answered a POST and no field holds the password any more. A press after that is a
        further try. If the login succeeds later (`got_in`), the page's own tries do not count, because the page only
        checked what was typed."""
        exchanges = tuple(exchanges)
        if sent:
            one.failed = self.failed(step, signals, exchanges)
            got_in = any(c.journey == step.decision.journey and c.outcome == "success" for c in step.cues)
        else:
            typing = self._just_typed or step.decision.action.credential == "password"
            gone = (typing or step.decision.journey == self._typed_in[0]) and not _holds_password(after)
            carried = self._password_answered >= step.started
            one.failed = not got_in and (carried or (gone and any(_took(x, step.started) for x in exchanges)))
            self._doubtful += one.failed
        if got_in:
            self.tries.failed -= self._doubtful
            self._doubtful = 0

    def failed(self, step: Step, signals: Iterable[Signal], exchanges: Iterable[Exchange] = ()) -> bool:
        """Whether the login of a step failed. A try that no server answered, because TLS failed, does not count as
        failed.

        The log of a native app shows neither answers nor the purpose of a request. So in a native app, only a TLS
        failure at one of the login's own hosts excuses the try."""
        if any(c.journey == step.decision.journey and c.outcome == "success" for c in step.cues):
            return False
        refused = any(s.family is Family.TLS and s.time >= step.started and self._may_be_its_own(s) for s in signals)
        answered = self._answered >= step.started or any(_took(x, step.started) for x in exchanges)
        return answered or not refused

    def _may_be_its_own(self, signal: Signal) -> bool:
        """Whether the request that failed with this TLS signal may be the one that carried the login."""
        known = self.account is None or (signal.host and self.account.scope.allows(f"https://{signal.host}/"))
        return not signal.background and (bool(known) or not signal.native)

    def tell(self, policy: Policy, decision: Decision, before: Screen, after: Screen, acted: Acted, since: int) -> None:
        """Tell the policy about a form that must not get the login, or an action that leads to a foreign login page.

        `acted` says what came of the action: the origin or app where the surface refused to type, or why it failed.
        `since` is how many `leaks` there were before this decision."""
        foreign, problem = acted.foreign, acted.problem
        fresh = self.leaks[since:]
        attempt = policy.attempts.get(decision.journey)
        sent = decision.expects and attempt is not None and attempt.journey.role is Role.LOGIN
        worst = next((r for r in fresh if r.kind in ("stopped", "leaked")), None)
        if worst is not None and sent:  # a script that sends each key stroke does not end the login
            policy.refused(decision, before, leak_told(worst))
        elif foreign:
            policy.refused(decision, before, elsewhere(foreign))
        elif decision.action.credential and problem and self._is_there(decision, after):
            why = f"The login could not be typed: {problem}"  # else the form would be sent without it, which is a try
            policy.refused(decision, before, why)
        elif fresh and worst is None:
            policy.led_astray(elsewhere(str(fresh[0].data.get("to"))))

    @staticmethod
    def _is_there(decision: Decision, after: Screen) -> bool:
        """Whether the control is still on the screen. A page that was drawn anew has another one, which is tried next."""
        return any(element.key == decision.action.key for element in after.elements)

    def strays(self, policy: Policy) -> list[Record]:
        """Records of all foreign places that asked for the login, received it, or would have received it."""
        told = {str(r.data.get("to")) for r in self.leaks}
        seen = (origin for origin in policy.foreign_logins if origin not in told)
        return [*self.leaks, *(Record(0.0, CREDENTIALS, "asked", {"to": origin}) for origin in seen)]


def _holds_password(screen: Screen) -> bool:
    return any(e.kind == "password" and e.value for e in screen.elements)


def _document(screen: Screen) -> str:
    return screen.address.partition("#")[0]


def _took(exchange: Exchange, since: float) -> bool:
    """Whether the exchange is a POST, begun at or after `since`, that a server answered."""
    answered = exchange.outcome in ("ok", "http-error") and exchange.started >= since
    return exchange.method == "POST" and answered and not exchange.background
