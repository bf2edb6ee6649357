"""The demo's support desk as an Android app: eight journeys with native widgets and their own wording.

Each request goes to the host that the journey needs. Each journey fails in its own way, as in real apps: with a clear
message, a vague one, an endless spinner, or no message.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Coroutine, Mapping
from collections.abc import Set as AbstractSet
from typing import Any
from urllib.parse import urlsplit

from explorer.lab.android.apps import Host
from explorer.lab.android.calls import HttpResponse, WebSocket, call, multipart
from explorer.lab.android.network import Failed
from explorer.lab.android.support_screens import Screens
from explorer.lab.android.widgets import Window

PACKAGE = "test.desk.support"
TAG = "DeskSupport"
PORT = 443


class Support:
    """One process of the app. `ports` maps a host's full name to its port where that is not 443.

    `plain` are short names of hosts that the app contacts over `http://`, as if its developer had forgotten them.
    `blemished` adds a flaw to the home screen: a small control that has no name and does nothing."""

    def __init__(
        self,
        host: Host,
        ports: Mapping[str, int] | None = None,
        plain: AbstractSet[str] = frozenset(),
        *,
        blemished: bool = False,
    ) -> None:
        self._host = host
        self._ports, self._plain = dict(ports or {}), plain
        self.blemished = blemished
        self.screens = Screens(self)
        self._chat: WebSocket | None = None

    @property
    def token(self) -> str:
        """The signed-in user's token, empty if there is none. It is stored, so it survives a restart of the app."""
        return self._host.store.get("token", "")

    @token.setter
    def token(self, value: str) -> None:
        self._host.store["token"] = value

    def start(self) -> None:
        self.screens.pages.go("home")
        self.run(self._beacon("launch"))
        self._host.ask(
            "android.permission.POST_NOTIFICATIONS", "Allow Desk Support to send you notifications?", lambda _: None
        )
        self.run(self._load_start())

    def window(self) -> Window:
        return Window(PACKAGE, self.screens.activity, self.screens.widgets(), title=self.screens.pages.name)

    def back(self) -> bool:
        return self.screens.pages.back()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        self._host.spawn(work)

    def pick(self, done: Callable[[str, bytes], None]) -> None:
        self._host.pick_file(done)

    async def request(self, host: str, path: str, **more: Any) -> HttpResponse | None:
        """Send a request to one of the desk's hosts.

        If the request fails, the failure is logged and None is returned.
        """
        name = f"{host}.desk.test"
        port = self._ports.get(name, PORT)
        if self.token:
            more["headers"] = {**more.get("headers", {}), "Authorization": f"Bearer {self.token}"}
        scheme = "http" if host in self._plain else "https"
        try:
            if host in self._plain:
                self._host.network.refuse_plain(name)
            return await call(self._host.network, name, path, port=port, **more)
        except Failed as failed:
            where = name if port == PORT else f"{name}:{port}"
            self._host.trace(TAG, f"Request failed: {scheme}://{where}{path.partition('?')[0]}\n{failed.trace}")
            return None

    async def _beacon(self, event: str) -> None:
        await self.request("analytics", f"/b?e={event}", method="POST")

    async def _load_start(self) -> None:
        """Request the portal's start page.

        Until the portal responds, the home screen shows no menu.
        """
        self.screens.pages.state["ready"] = "loading"
        answer = await self.request("portal", "/")
        self.screens.pages.state["ready"] = "yes" if answer is not None and answer.ok else "no"

    def reload(self) -> None:
        self.run(self._load_start())

    async def open_chat(self) -> None:
        state = self.screens.pages.state
        state["chat"] = "connecting"
        self.screens.talks.messages.clear()
        name, scheme = "chat.desk.test", "ws" if "chat" in self._plain else "wss"
        port = self._ports.get(name, PORT)
        try:
            if "chat" in self._plain:
                self._host.network.refuse_plain(name)
            async with self._host.network.connect(name, port) as (reader, writer):
                socket = WebSocket(reader, writer)
                if await socket.open(name, port, "/live?lang=en") != 101:
                    state["chat"] = "failed"
                    return
                self._chat, state["chat"] = socket, "open"
                while (message := await socket.receive()) is not None:
                    self.screens.talks.hear(message)
        except Failed as failed:
            self._host.trace(TAG, f"WebSocket failure: {scheme}://{name}:{port}/live\n{failed.trace}")
            state["chat"] = "failed"
        finally:
            self._chat = None

    def say(self, text: str) -> None:
        if self._chat is not None and text:
            self.screens.talks.messages.append(("You", text))
            self.run(self._send(text))

    async def _send(self, text: str) -> None:
        if self._chat is not None:
            await self._chat.send(json.dumps({"text": text}))

    async def documents(self) -> list[tuple[str, str]]:
        """The portal's list of documents: for each, its path on the files host and its name."""
        answer = await self.request("portal", "/documents.json")
        listed = answer.json() if answer is not None and answer.ok else None
        return [(urlsplit(str(entry["href"])).path, str(entry["name"])) for entry in listed or []]

    async def send_file(self, host: str, path: str, name: str, content: bytes) -> HttpResponse | None:
        """Upload a file as multipart. Returns None if the request failed (see `request`)."""
        mark = os.urandom(8).hex()
        kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return await self.request(host, path, method="POST", body=multipart(mark, name, content), headers=kind)

    def save(self, name: str, content: bytes) -> None:
        """Save a download under a free name, as DownloadManager does: «a.pdf», then «a-1.pdf»."""
        stem, dot, end = name.rpartition(".")
        taken, free, number = self._host.files.inside("/sdcard/Download"), name, 0
        while free in taken:
            number += 1
            free = f"{stem}-{number}{dot}{end}" if dot else f"{name}-{number}"
        self._host.files.put(f"/sdcard/Download/{free}", content)


def support_app(
    ports: Mapping[str, int] | None = None, plain: AbstractSet[str] = frozenset(), *, blemished: bool = False
) -> Callable[[Host], Support]:
    """A factory of the app, for the virtual device. For the parameters see `Support`.

    The caller may change the set `plain` while the app runs."""
    return lambda host: Support(host, ports, plain, blemished=blemished)
