"""What a run has sent: on a public target, one submission of each kind for all sessions together."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """Journey → the session that sent it. All sessions of a run share one."""

    _sent: dict[str, str] = field(default_factory=dict)

    def owner(self, journey: str) -> str:
        """The session that has sent the journey's form, line or file; empty if nobody has."""
        return self._sent.get(journey, "")

    def claim(self, journey: str, session: str) -> bool:
        """Claim the run's one submission of this journey for a session. False if another session has claimed it.

        A counter-proof claims in the name of the session that it repeats. So it may repeat a submission of that
        session, and none of another session.
        """
        return self._sent.setdefault(journey, session) == session

    def release(self, journey: str, session: str) -> None:
        """Give a submission back that was claimed and did not happen."""
        if self._sent.get(journey) == session:
            del self._sent[journey]
