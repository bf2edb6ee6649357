"""The outcomes of a run for comparison with another: its failures, and the differences between two. Facts only."""

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
        """Whether the journey passed with a loss (degraded)."""
        return self.verdict == "degraded"

    @property
    def blame(self) -> tuple[str, str, bool]:
        """The identity of a failure, without the port, which test environments change from run to run."""
        return self.cause, self.host, self.mild


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The failures of a run, and the pairs of journey and device that worked.

    `met` holds the cause and host of two kinds of TLS failure: those of the target's own hosts that a persona ran into
    without losing a journey to them, and those that left a journey inconclusive.
    """

    failures: tuple[Failure, ...]
    worked: frozenset[tuple[str, str]]
    met: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Difference:
    """`moved` pairs the old failure with the new one. `unseen` failed before and were not tried in this run."""

    new: tuple[Failure, ...]
    fixed: tuple[Failure, ...]
    unchanged: tuple[Failure, ...]
    moved: tuple[tuple[Failure, Failure], ...]
    unseen: tuple[Failure, ...]
    met: tuple[tuple[str, str], ...] = ()
    """TLS failures (cause, host) that somebody ran into now and not before, and that no journey was seen to need."""

    @property
    def worse(self) -> tuple[Failure, ...]:
        """The new failures, and those that were only degraded before."""
        return (*self.new, *(now for before, now in self.moved if before.mild and not now.mild))

    @property
    def exit_code(self) -> int:
        """1 if a journey newly failed or was blocked, or somebody newly ran into a TLS failure; else 0."""
        return 1 if self.met or any(not f.mild for f in self.worse) else 0

    def state(self, journey: str, device: str, cause: str, host: str) -> str:
        """`new`, `moved` or `unchanged` for a failure of this run; empty if it is none."""
        mine = (journey, device, cause, host)
        for word, failures in (
            ("new", self.new),
            ("moved", [now for _, now in self.moved]),
            ("unchanged", self.unchanged),
        ):
            if any((f.journey, f.device, f.cause, f.host) == mine for f in failures):
                return word
        return ""
