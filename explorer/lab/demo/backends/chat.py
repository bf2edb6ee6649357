"""`chat`: the chat server that both skins use, with one WebSocket per conversation."""

from __future__ import annotations

import asyncio
import json

from aiohttp import WSMsgType, web

from explorer.lab.demo.backends.common import application, text_of
from explorer.lab.demo.desk import Desk

THINKING = 0.3
"""Seconds until the agent replies to a message."""


def build(desk: Desk) -> web.Application:
    """`GET /live?lang=…` upgrades to a WebSocket with messages in JSON.

    The visitor sends `{"text": …}`, and the server sends `{"from": …, "text": …}`.
    """
    app = application(desk, "chat")

    async def live(request: web.Request) -> web.StreamResponse:
        if desk.misbehaviour.get("chat") == "cors":
            raise web.HTTPForbidden(text="Origin not allowed.")
        texts = desk.texts(request.query.get("lang", ""))
        socket = web.WebSocketResponse(heartbeat=20.0)
        await socket.prepare(request)
        desk.state.chat_opened += 1
        open_sockets.add(socket)
        try:
            await socket.send_json({"from": "Noor", "text": texts["chat_greeting"]})
            answered = 0
            async for message in socket:
                if message.type is not WSMsgType.TEXT or not (line := _line(message.data)):
                    continue
                desk.state.chat_lines.append(line)
                await asyncio.sleep(THINKING)
                await socket.send_json({"from": "Noor", "text": texts.replies[answered % len(texts.replies)]})
                answered += 1
        except ConnectionError:
            pass  # the visitor closed the page while Noor was typing
        finally:
            open_sockets.discard(socket)
        return socket

    async def hang_up(_: web.Application) -> None:
        for socket in set(open_sockets):
            await socket.close()

    open_sockets: set[web.WebSocketResponse] = set()
    app.router.add_get("/live", live)
    app.on_shutdown.append(hang_up)
    return app


def _line(data: str) -> str:
    try:
        return text_of(json.loads(data), "text")
    except ValueError:
        return ""
