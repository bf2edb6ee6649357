"""Data types for comparing runs: the outcomes of a run, and the difference between two runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """A journey that failed, was blocked or was degraded on a device, and why."""

    journey: str
    device: str
    verdict: str
    cause: str
    host: str
    personas: tuple[str, ...]

    @property
    def mild(self) -> bool:
        """Whether the journey was only degraded, and neither failed nor blocked."""
        return self.verdict == "degraded"

    @property
    def blame(self) -> tuple[str, str, bool]:
        """What distinguishes failures of the same journey and device: cause, host (without port) and `mild`."""
        return self.cause, self.host, self.mild


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The failures of a run, and the pairs of journey and device that worked.

    `met` holds (cause, host) of two kinds of TLS failure: failures at the target's own hosts that a persona ran into
    but that ended no journey, and failures that left a journey inconclusive.
    """

    failures: tuple[Failure, ...]
    worked: frozenset[tuple[str, str]]
    met: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference between two runs.

    `moved` pairs the old failure with the new one. `unseen` are old failures whose journey has no result in this run.
    """

    new: tuple[Failure, ...]
    fixed: tuple[Failure, ...]
    unchanged: tuple[Failure, ...]
    moved: tuple[tuple[Failure, Failure], ...]
    unseen: tuple[Failure, ...]
    met: tuple[tuple[str, str], ...] = ()
    """(cause, host) of TLS failures in `Outcomes.met` of the new run that the old run did not have."""

    @property
    def worse(self) -> tuple[Failure, ...]:
        """The new failures, and those that moved from degraded to failed or blocked."""
        return (*self.new, *(now for before, now in self.moved if before.mild and not now.mild))

    @property
    def exit_code(self) -> int:
        """1 if a journey newly fails or is newly blocked, or if `met` is not empty; else 0."""
        return 1 if self.met or any(not f.mild for f in self.worse) else 0

    def state(self, journey: str, device: str, cause: str, host: str) -> str:
        """The state of a failure of this run: `new`, `moved` or `unchanged`. Empty if there is no such failure."""
        mine = (journey, device, cause, host)
        for word, failures in (
            ("new", self.new),
            ("moved", [now for _, now in self.moved]),
            ("unchanged", self.unchanged),
        ):
            if any((f.journey, f.device, f.cause, f.host) == mine for f in failures):
                return word
        return ""
