"""What counts as this machine or a private network."""

from __future__ import annotations

import pytest

from flows.private_address import is_private


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST.",
        "app.localhost",
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "[::1]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "::7f00:1",
        "224.0.0.1",
        "fec0::1",
    ],
)
def test_this_machine_and_private_networks_are_private(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize(
    "host",
    [
        "support.example",
        "desk.test",
        "intranet",
        "localhost.example",
        "93.184.216.34",
        "2606:4700::1",
        "::ffff:93.184.216.34",
        "64:ff9b::5db8:d822",
        "",
    ],
)
def test_a_public_address_and_any_other_name_are_public(host: str) -> None:
    assert not is_private(host)
