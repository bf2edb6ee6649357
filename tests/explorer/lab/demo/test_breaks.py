"""What `--break` takes, and the sentences for what it does not."""

from __future__ import annotations

import pytest

from explorer.lab.demo.breaks import DEFAULT_BREAKS, parse_breaks
from explorer.lab.demo.hosts import ALL_HOSTS
from explorer.tls.faults.known import KNOWN_FAULTS


def test_pairs_become_a_mapping() -> None:
    assert parse_breaks(["chat=expired", "files=incomplete-chain"]) == {"chat": "expired", "files": "incomplete-chain"}


def test_none_breaks_nothing() -> None:
    assert parse_breaks(["none"]) == {}


def test_the_default_breaks_four_hosts_with_four_causes() -> None:
    assert len(DEFAULT_BREAKS) == len(set(DEFAULT_BREAKS.values())) == 4
    assert parse_breaks([f"{host}={cause}" for host, cause in DEFAULT_BREAKS.items()]) == DEFAULT_BREAKS


def test_an_unknown_host_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="no host «shop».*" + ".*".join(ALL_HOSTS)):
        parse_breaks(["shop=expired"])


def test_an_unknown_cause_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(ValueError, match="«rusty».*" + ".*".join(KNOWN_FAULTS)):
        parse_breaks(["chat=rusty"])


@pytest.mark.parametrize("pairs", [["chat"], ["none", "chat=expired"], ["chat=expired", "chat=self-signed"]])
def test_what_cannot_be_meant_is_refused(pairs: list[str]) -> None:
    with pytest.raises(ValueError, match="«"):
        parse_breaks(pairs)
