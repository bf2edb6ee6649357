"""What is not TLS is never blamed on TLS, not even while another host has a bad certificate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.other_failures import ON_EVERY_PUSH, not_blamed


@pytest.mark.parametrize(("host", "how", "skin"), ON_EVERY_PUSH)
async def test_another_fault_is_not_blamed_on_tls_while_other_hosts_are_broken(
    host: str, how: str, skin: str, tmp_path: Path
) -> None:
    await not_blamed(host, how, skin, tmp_path, ("submit-ticket", "start-chat"))
