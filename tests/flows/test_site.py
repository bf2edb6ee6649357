"""Whose a host is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from flows.diagnosis import Cause
from flows.site import is_own, registrable
from tests.flows.builders import diagnosis, opening, session

LOG = session([opening()])


@pytest.mark.parametrize(
    ("host", "domain", "judged"),
    [
        ("help.shop.co.uk", "shop.co.uk", "shop.co.uk"),
        ("a.desk.test", "a.desk.test", "desk.test"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("::1", "::1", "::1"),
        ("intranet", "intranet", "intranet"),
    ],
)
def test_a_name_under_an_unlisted_suffix_stands_for_itself_unless_it_is_only_judged(
    host: str, domain: str, judged: str
) -> None:
    assert (registrable(host), registrable(host, unlisted=True)) == (domain, judged)


def test_a_host_of_the_target_s_site_is_its_own_and_another_is_not() -> None:
    assert is_own(LOG, ("files.desk.test", 8443), {})
    assert not is_own(LOG, ("desk.example", 443), {})


def test_what_the_run_was_told_is_its_own_is() -> None:
    told = diagnosis("cdn.example", Cause.EXPIRED)
    assert is_own(LOG, ("cdn.example", 443), told)
    foreign = {host: replace(d, third_party=True) for host, d in told.items()}
    assert not is_own(LOG, ("cdn.example", 443), foreign)


def test_a_session_read_from_a_journal_knows_its_site_by_the_address_that_it_opened() -> None:
    log = replace(session([replace(opening(), address="https://www.shop.co.uk/")]), target=("", 0))
    assert is_own(log, ("files.shop.co.uk", 443), {})
    assert not is_own(log, ("files.other.co.uk", 443), {})
