"""Chains that work and could be tidier: cross-signed spares are no strangers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from explorer.tls.chain import build_path
from explorer.tls.faults.mint import Authority
from explorer.tls.served import served_oddities


def test_a_cross_signed_root_is_no_stranger_and_is_told_of_once_it_has_run_out(authority: Authority) -> None:
    leaf = authority.leaf(["desk.test"])
    older = Authority.create("Older")
    served = [*leaf.chain, older.cross_sign(authority.root, days=(-100, 50))]
    path = build_path(served[0], served[1:], [authority.root.certificate])
    now = datetime.now(tz=UTC)
    assert served_oddities(served, path, now) == {}
    assert set(served_oddities(served, path, now + timedelta(days=51))) == {"chain-expired-extra"}


def test_strangers_and_twins_are_told_of(authority: Authority) -> None:
    leaf = authority.leaf(["desk.test"])
    served = [*leaf.chain, leaf.certificate, Authority.create("Other").intermediate.certificate]
    path = build_path(served[0], served[1:], [authority.root.certificate])
    odd = served_oddities(served, path, datetime.now(tz=UTC))
    assert set(odd) == {"chain-duplicate", "chain-superfluous"}
    assert "Other Issuing CA" in odd["chain-superfluous"]
