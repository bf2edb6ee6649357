"""The submissions of a run: on a public target, all sessions together may send each journey's form once."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """Journey → the session that claimed its submission. All sessions of a run share one ledger."""

    _sent: dict[str, str] = field(default_factory=dict)

    def owner(self, journey: str) -> str:
        """The session that has claimed the journey's submission; empty if none has."""
        return self._sent.get(journey, "")

    def claim(self, journey: str, session: str) -> bool:
        """Claim the run's one submission of this journey for a session. False if another session has claimed it.

        A counter-proof repeats a session with the blamed host's TLS errors ignored. It claims in the name of that
        session, so it may repeat the submission of that session only."""
        return self._sent.setdefault(journey, session) == session

    def release(self, journey: str, session: str) -> None:
        """Release a session's claim for a submission that did not happen."""
        if self._sent.get(journey) == session:
            del self._sent[journey]
