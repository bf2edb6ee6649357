"""`files`: stores attachments for upload and download."""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import quote

from aiohttp import web

from explorer.lab.demo.backends.common import application
from explorer.lab.demo.desk import Desk
from explorer.lab.demo.state import StoredFile


def build(desk: Desk) -> web.Application:
    """`POST /upload` (multipart, field `file`) → 201; `GET /d/<id>` → the file as an attachment (RFC 6266)."""
    app = application(desk, "files")

    async def upload(request: web.Request) -> web.Response:
        sent = (await request.post()).get("file")
        if not isinstance(sent, web.FileField) or not sent.filename:
            raise web.HTTPUnprocessableEntity(text="A file is expected.")
        name = PurePath(sent.filename.replace("\\", "/")).name[:120]
        stored = StoredFile(f"u{desk.secret()[:8]}", name, sent.content_type, sent.file.read())
        desk.state.files.append(stored)
        return web.json_response({"id": stored.id, "name": stored.name, "size": stored.size}, status=201)

    async def download(request: web.Request) -> web.Response:
        for stored in desk.state.files:
            if stored.id == request.match_info["id"]:
                desk.state.downloads.append(stored.name)
                headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(stored.name)}"}
                return web.Response(body=stored.content, content_type=stored.type, headers=headers)
        raise web.HTTPNotFound

    app.router.add_post("/upload", upload)
    app.router.add_get("/d/{id}", download)
    return app
