"""Turns on the CDP events of a new target before its first script runs."""

from __future__ import annotations

from typing import Any

from explorer.surfaces.web.cdp import Cdp, Json

WORLD = "trustwalk"
BINDING = "__twChanged"
AUTO_ATTACH: dict[str, Any] = {"autoAttach": True, "waitForDebuggerOnStart": True, "flatten": True}


def subscribe(cdp: Cdp, session: str, *, page: bool, script: str, bodies: Json) -> None:
    """Turn on all CDP events of a target. `bodies` are the parameters of `Network.enable`.

    `page` says that the target is a page or a frame. Only these get the `script` that reads pages."""
    say = cdp.post
    if page:
        read: Json = {"source": script, "worldName": WORLD, "runImmediately": True}
        say(session, "Page.enable")
        say(session, "Runtime.enable")
        say(session, "Runtime.addBinding", {"name": BINDING, "executionContextName": WORLD})
        say(session, "Page.addScriptToEvaluateOnNewDocument", read)
        say(session, "Page.setInterceptFileChooserDialog", {"enabled": True})
        say(session, "Audits.enable")
        say(session, "Inspector.enable")
    else:
        say(session, "Runtime.enable")
    say(session, "Network.enable", bodies)
    say(session, "Log.enable")
    say(session, "Security.enable")
    say(session, "Runtime.setAsyncCallStackDepth", {"maxDepth": 6})
