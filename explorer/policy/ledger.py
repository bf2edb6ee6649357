"""The submissions of a run: on a public target, all sessions together may send each journey's form once.

If the run is split over several machines (`--shard`), only the first part may send.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """Journey → the session that claimed its submission. All sessions of a run share one ledger.

    `elsewhere` names the part of the run that may send, if this is another part; no session of this part may send then.
    """

    elsewhere: str = ""
    _sent: dict[str, str] = field(default_factory=dict)

    def owner(self, journey: str) -> str:
        """The session that has claimed the journey's submission; empty if none has."""
        return self.elsewhere or self._sent.get(journey, "")

    def why(self, journey: str) -> str:
        """Why a session left the journey to another one, as a sentence."""
        who = f"Only {self.elsewhere} sends it" if self.elsewhere else f"{self.owner(journey)} sent it"
        return f"Public targets get this once per run. {who}, so this session stopped before sending."

    def claim(self, journey: str, session: str) -> bool:
        """Claim the run's one submission of this journey for a session. False if another session has claimed it.

        A counter-proof repeats a session with the blamed host's TLS errors ignored. It claims in the name of that
        session, so it may repeat the submission of that session only."""
        return not self.elsewhere and self._sent.setdefault(journey, session) == session

    def release(self, journey: str, session: str) -> None:
        """Release a session's claim for a submission that did not happen."""
        if self._sent.get(journey) == session:
            del self._sent[journey]
