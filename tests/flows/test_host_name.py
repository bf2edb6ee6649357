"""A name is encoded as the browser does: another encoding is another owner's domain."""

from __future__ import annotations

import pytest

from flows.host_name import wire_name


@pytest.mark.parametrize(
    ("host", "sent"),
    [
        ("Portal.Example", "portal.example"),
        ("groß.de", "xn--gro-7ka.de"),
        ("login.faß.example", "login.xn--fa-hia.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("テスト。jp", "xn--zckzah.jp"),
        ("_sip.ü.de", "_sip.xn--tda.de"),
        ("ü.de.", "xn--tda.de."),
    ],
)
def test_a_name_is_sent_as_browsers_send_it(host: str, sent: str) -> None:
    assert wire_name(host) == sent


@pytest.mark.parametrize("host", ["a\u200db\u00fc.de", "\u0301x.de", "ü" * 70 + ".de"])
def test_what_no_browser_sends_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        wire_name(host)
