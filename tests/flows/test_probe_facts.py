"""What a probe noted by name comes back from a journal as it was, names of a newer version included."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import TypeAdapter

from flows.diagnosis import Evidence

EVIDENCE = TypeAdapter(Evidence)


def test_facts_that_this_version_does_not_know_are_kept() -> None:
    evidence = Evidence("desk.test", 443, None, None, datetime(2026, 1, 1, tzinfo=UTC), facts={"missing": "alone"})
    written = EVIDENCE.dump_python(evidence, mode="json")
    written["facts"]["of-tomorrow"] = "yes"
    assert EVIDENCE.dump_python(EVIDENCE.validate_python(written), mode="json") == written
