"""The fleet: apps that others wrote. One more app is one file, and one line here."""

from __future__ import annotations

from tests.field import (
    chainlit,
    dokuwiki,
    etherpad,
    helpdesk,
    jupyterlab,
    mediawiki,
    oscar,
    roundup,
    spirit,
    trac,
)
from tests.field.app import App

FLEET: tuple[App, ...] = (
    trac.APP,
    etherpad.APP,
    helpdesk.APP,
    oscar.APP,
    mediawiki.APP,
    dokuwiki.APP,
    roundup.APP,
    chainlit.APP,
    jupyterlab.APP,
    spirit.APP,
)
