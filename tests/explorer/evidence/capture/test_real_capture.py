"""What tcpdump captures of real clients is told right: a few cells; tests/nightly/test_capture_faults.py has all."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer.evidence.capture import meanings
from flows.diagnosis import Cause
from tests.explorer.evidence.capture.meeting import met


@pytest.mark.parametrize(
    ("fault", "client", "version", "error", "causes"),
    [
        ("expired", "curl", "1.2", "alert certificate_expired from the client", [Cause.EXPIRED]),
        ("hostname-mismatch", "openssl", "1.2", "alert bad_certificate from the client", [Cause.HOSTNAME_MISMATCH]),
        ("hostname-mismatch", "python", "1.3", meanings.HUNG_UP_SEALED, [Cause.UNKNOWN_TLS]),
        ("connection-cut", "curl", "1.3", meanings.CUT_RESET, [Cause.CONNECTION_CUT]),
        ("not-tls", "python", "1.2", meanings.NOT_TLS, [Cause.NOT_TLS]),
    ],
)
async def test_a_failure_on_loopback_is_told(
    fault: str, client: str, version: str, error: str, causes: list[Cause], tmp_path: Path
) -> None:
    found = await met(fault, client, version, tmp_path)
    assert found.errors == (error,)
    assert list(found.causes) == causes
    assert not found.answered


@pytest.mark.parametrize("version", ["1.2", "1.3"])
async def test_a_connection_that_works_is_no_failure(version: str, tmp_path: Path) -> None:
    found = await met("healthy", "curl", version, tmp_path)
    assert found.answered and not found.errors and found.diagnosis is None
    assert [r.opened for r in found.recording.requests] == [True]


@pytest.mark.parametrize("options", [("-i", "any"), ("-i", "any", "-y", "LINUX_SLL"), ("-s", "1000"), ("--nano",)])
async def test_interfaces_and_options_of_tcpdump_change_nothing(options: tuple[str, ...], tmp_path: Path) -> None:
    found = await met("self-signed", "openssl", "1.2", tmp_path, *options)
    assert found.errors == ("alert unknown_ca from the client",)
    assert list(found.causes) == [Cause.SELF_SIGNED]


async def test_a_capture_of_the_heads_of_packets_makes_nothing_up(tmp_path: Path) -> None:
    found = await met("self-signed", "openssl", "1.2", tmp_path, "-s", "96")
    assert Cause.SELF_SIGNED in found.causes or not found.causes
    assert found.diagnosis is None or found.diagnosis.alternatives
