"""What is not TLS is never blamed on TLS, not even while another host has a bad certificate."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.incident import Verdict
from tests.journeys.harness import Cell
from tests.journeys.other_failures import CASES, explored, not_blamed


@pytest.mark.parametrize(("host", "how", "skin"), CASES)
async def test_another_fault_is_not_blamed_on_tls_while_other_hosts_are_broken(
    host: str, how: str, skin: str, tmp_path: Path
) -> None:
    await not_blamed(host, how, skin, tmp_path)


async def test_a_server_error_on_a_healthy_site_leaves_no_incident(tmp_path: Path) -> None:
    verdicts = await explored(Cell(), "tickets", "http-500", tmp_path)
    assert (verdicts["submit-ticket"].verdict, verdicts["submit-ticket"].cause) == (Verdict.FAILED, "other")
    assert {v.cause for v in verdicts.values()} == {"", "other"}
