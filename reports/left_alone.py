"""The controls that a run saw but deliberately did not press, as counts and as one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flows.refusal import Reason, Refusal
from reports.summary import Summary

WHY: Mapping[Reason, str] = {
    Reason.ACT: "they name an act that --allow does not permit",
    Reason.LOSS: "they belong to a question about a cost or a loss",
    Reason.UNEXPLAINED: "nothing shows that they are harmless",
    Reason.NAMELESS: "they have no name",
    Reason.NEVER_PRESS: "never_press names them",
    Reason.ONLY_UNDER: "they are on or lead to pages outside the paths of only_under",
    Reason.READ_ONLY: "the run is read-only",
}
"""Reason → the words after «because» in the sentence about controls that were not pressed."""


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """The controls that were not pressed, each once, in the order in which they were met."""

    refusals: tuple[Refusal, ...]

    @property
    def reasons(self) -> dict[Reason, int]:
        """The number of controls for each reason, the most frequent first."""
        return dict(Counter(r.reason for r in self.refusals).most_common())

    @property
    def kinds(self) -> dict[str, int]:
        """The number of controls for each kind of act that `--allow` must name to permit them."""
        return dict(Counter(r.kind for r in self.refusals if r.kind).most_common())

    @property
    def sentence(self) -> str:
        """«Not pressed: 14 controls: 9 because … (4 payment, 5 delete); 5 because …»; empty if there were none."""
        if not self.refusals:
            return ""
        kinds = ", ".join(f"{number} {kind}" for kind, number in self.kinds.items())
        parts = [
            f"{number} because {WHY[reason]}{f' ({kinds})' if reason is Reason.ACT and kinds else ''}"
            for reason, number in self.reasons.items()
        ]
        number = len(self.refusals)
        return f"Not pressed: {number} control{'s' if number != 1 else ''}: {'; '.join(parts)}."


def left_alone(summary: Summary) -> LeftAlone:
    """The controls that the observed sessions deliberately did not press."""
    return LeftAlone(tuple(dict.fromkeys(r for view in summary.sessions for r in view.refusals)))
