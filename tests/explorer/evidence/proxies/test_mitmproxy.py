"""A flow of mitmproxy becomes an entry; tests/nightly/test_mitmproxy_flows.py has those of the real program."""

from __future__ import annotations

from typing import Any

import pytest

from explorer.evidence.proxies.mitmproxy import entries, flow
from readers.tnetstring import NotTnetstring
from tests.explorer.evidence.proxies import sessions


def test_times_status_and_error_are_told() -> None:
    good, bad = flow(sessions.flow()), flow(sessions.flow(error="Certificate verify failed: certificate has expired"))
    assert good is not None and bad is not None
    assert good["time"] == pytest.approx(500) and good["response"]["status"] == 200 and "_error" not in good
    assert bad["response"]["status"] == 0 and bad["_error"].startswith("Certificate verify failed")


@pytest.mark.parametrize("name", ["request", "response", "error", "server_conn"])
@pytest.mark.parametrize("value", [None, 7, b"x", [], {"headers": [[1]], "timestamp_start": b"x", "peername": [7]}])
def test_members_of_the_wrong_kind_bring_nothing_down(name: str, value: Any) -> None:
    found = flow({**sessions.flow(), name: value})
    assert (found is None) == (name == "request")


@pytest.mark.parametrize("value", [1e308, -1e308, float("inf"), float("nan"), pytest.param(10**400, id="huge")])
@pytest.mark.parametrize(("part", "name"), [("request", "timestamp_start"), ("response", "timestamp_end")])
def test_numbers_that_are_no_times_count_as_none(part: str, name: str, value: float) -> None:
    given = sessions.flow()
    given[part][name] = value
    found = flow(given)
    assert found is not None and 0 <= found["time"] < 1e15
    assert found["startedDateTime"]


def test_flows_that_are_no_http_are_left_out() -> None:
    data = sessions.flows(sessions.flow(), {**sessions.flow(), "type": "tcp"}, {**sessions.flow(), "type": "dns"})
    assert len(list(entries(iter([data]), cut_off=[]))) == 1


def test_a_file_that_ends_early_says_so_and_one_without_a_flow_is_refused() -> None:
    ended: list[bool] = []
    assert len(list(entries(iter([sessions.flows(sessions.flow()) + b"99:x"]), cut_off=ended))) == 1 and ended
    with pytest.raises(NotTnetstring):
        list(entries(iter([b"99:x"]), cut_off=[]))
