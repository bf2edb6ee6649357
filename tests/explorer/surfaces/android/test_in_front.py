"""Who would get what is typed on a device."""

from __future__ import annotations

import pytest

from explorer.request.account import Account, NotHere
from explorer.request.credential import Login
from explorer.request.scope import scope_of
from explorer.surfaces.android.in_front import place_of

OWN = '<hierarchy><android.widget.EditText package="com.desk.app" text=""/></hierarchy>'
CHROME = '<hierarchy><android.view.View package="com.android.chrome" text=""/>{}</hierarchy>'
BAR = '<android.widget.TextView package="com.android.chrome" resource-id="com.android.chrome:id/url_bar" text="{}"/>'
FORGED = (
    f'<android.webkit.WebView package="com.android.chrome">{BAR.format("id.provider.org")}</android.webkit.WebView>'
)
ACCOUNT = Account(
    Login.of("ann", "hush-hush"), scope_of("desk.apk", (), ["https://id.provider.org"], ["https://desk.com"])
)


@pytest.mark.parametrize(
    ("source", "pages", "place"),
    [
        (OWN, (), ()),
        (OWN, ("https://evil.net/login",), ("https://evil.net/login",)),
        (OWN, ("about:blank",), ()),
        (CHROME.format(""), (), ("com.android.chrome",)),
        (CHROME.format(BAR.format("id.provider.org/login?x")), (), ("https://id.provider.org",)),
        (CHROME.format(BAR.format("Search or type web address")), (), ("com.android.chrome",)),
        (CHROME.format(FORGED + BAR.format("evil.net")), (), ("https://evil.net",)),
        (CHROME.format(FORGED), (), ("com.android.chrome",)),
        (
            CHROME.format(BAR.format("id.provider.org") + BAR.format("evil.net")),
            (),
            ("https://id.provider.org", "https://evil.net"),
        ),
        (BAR.format("id.provider.org").replace("com.android.chrome", "net.evil.app"), (), ("net.evil.app",)),
        (CHROME.format(BAR.format("evil.net/?u=https://id.provider.org/x")), (), ("https://evil.net",)),
        (CHROME.format(BAR.format("http://id.provider.org/x")), (), ("http://id.provider.org",)),
        (CHROME.format(BAR.format("id.provider.org@evil.net")), (), ("com.android.chrome",)),
        ("<hierarchy", (), ("a screen that cannot be read",)),
    ],
)
def test_it_is_the_app_a_page_in_it_or_somebody_else(
    source: str, pages: tuple[str, ...], place: tuple[str, ...]
) -> None:
    assert place_of(source, "com.desk.app", pages) == place


@pytest.mark.parametrize("place", [(), ("https://desk.com/login",), ("https://id.provider.org",)])
def test_the_app_its_site_and_a_named_provider_get_the_login(place: tuple[str, ...]) -> None:
    assert ACCOUNT.reveal_in_app("user", place) == "ann" and ACCOUNT.reveal_in_app("password", place) == "hush-hush"


@pytest.mark.parametrize("place", ["com.android.chrome", "https://evil.net", "https://provider.org"])
def test_nobody_else_does(place: str) -> None:
    with pytest.raises(NotHere, match=place):
        ACCOUNT.reveal_in_app("password", (place,))
