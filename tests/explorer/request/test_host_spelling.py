"""A secret is found in the name of a host, which browsers write in small letters and in ASCII."""

from __future__ import annotations

import pytest

from explorer.request.host_spelling import HostSpellings
from explorer.request.spelling import Spellings


@pytest.mark.parametrize(
    "host",
    ["tr0ub4dor-ü.evil.net", "a.xtr0ub4dor-üx.net", "Tr0ub4dor-Ü".encode().hex() + ".evil.net"],
)
def test_the_name_of_a_host_spells_it_without_case(host: str) -> None:
    known, sent = Spellings(["Tr0ub4dor-Ü"]), host.encode("idna").decode() if not host.isascii() else host
    assert known.found_in_host(sent) and not known.found_in_host("portal.evil.net")
    assert not known.found_in_host(known.masked_host(sent))
    assert known.masked(f"at https://{sent}/x?y") == f"at {known.masked_host('//' + sent)}/x?y".replace(
        "//", "https://"
    )


def test_a_short_secret_is_no_part_of_a_host() -> None:
    assert not Spellings(["Desk"]).found_in_host("desk.com")


def test_a_name_that_is_no_punycode_stays_as_it_is() -> None:
    assert HostSpellings(["right-horse"]).masked("xn--99999999999.net", "…") == "xn--99999999999.net"
