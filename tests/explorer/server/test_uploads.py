"""Uploads: real packages are taken, all else is turned away and leaves nothing behind."""

from __future__ import annotations

import asyncio
import hashlib
import zipfile
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aiohttp import FormData
from starlette.requests import Request

from explorer.request.remote import stored
from explorer.request.request import RunRequest
from explorer.server.uploads import UploadError, Uploads
from tests.explorer.server.waiting import eventually

PATH = "/api/v1/uploads"
LIMIT = 1 << 20


def kept(server: Any) -> set[str]:
    return {p.name for p in (server.runs / ".serve" / "uploads").iterdir()}


def form(data: bytes | BytesIO, name: str = "app.apk", field: str = "file") -> FormData:
    made = FormData()
    made.add_field("other", "x" * 100)
    made.add_field(field, data, filename=name)
    return made


async def test_a_package_is_named_by_its_hash_and_told(server: Any, apk: Path) -> None:
    data = apk.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    async with server.client() as client:
        for body in (data, form(data), form(data, "../../../evil.sh"), form(data, '"<b>.apk')):
            told = (await client.post(PATH, data=body)).json(201)
            assert (told["sha256"], told["package"], told["label"]) == (sha256, "test.desk.support", "Desk Support")
        page = await client.get(told["url"])
    assert page.status == 200 and "chat.desk.test" in page.text
    assert kept(server) >= {sha256, f"{sha256}.json"}
    assert not [p for p in server.runs.parent.rglob("*") if "evil" in p.name]
    assert (server.runs / ".serve" / "uploads" / sha256).read_bytes() == data


@pytest.mark.parametrize("kind", ["application/octet-stream", "multipart/form-data; boundary=xx"])
async def test_an_upload_that_stalls_is_given_up_and_leaves_nothing(kind: str, tmp_path: Path) -> None:
    parts = [{"type": "http.request", "body": b"--xx", "more_body": True}]

    async def receive() -> dict[str, Any]:
        return parts.pop() if parts else await asyncio.Future()

    request = Request({"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}, receive)
    with pytest.raises(UploadError, match="stalled") as told:
        await Uploads(tmp_path, LIMIT, silence=0.1).take(request)
    assert told.value.status == 408 and not list(tmp_path.iterdir())


def zipped(**files: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [b"", b"\x7fELF", b"PK\x03\x04" + b"\0" * 200, zipped(a=b"x"), zipped(**{"AndroidManifest.xml": b"<manifest/>"})],
    ids=["nothing", "a program", "half a zip", "a zip", "a manifest that is none"],
)
async def test_what_is_no_package_is_turned_away_in_a_sentence(server: Any, data: bytes) -> None:
    before = kept(server)
    async with server.client() as client:
        for body in (data, form(data)):
            said = (await client.post(PATH, data=body)).json(422)["error"]
            assert said.endswith(".") and str(server.runs) not in said
    assert kept(server) == before


async def test_a_form_without_javascript_gets_pages(server: Any, apk: Path) -> None:
    async with server.client() as client:
        good = await client.post("/apps", data=form(apk.read_bytes()))
        assert good.status == 303 and good.headers["location"].startswith("/apps/")
        bad = await client.post("/apps", data=form(b"no", "<script>x</script>.apk"))
        assert bad.status == 422 and "<script>x" not in bad.text and 'role="alert"' in bad.text


async def test_the_limit_holds_whatever_the_length_says(server: Any) -> None:
    """With an honest Content-Length it ends at once; chunked, as soon as too much has come."""
    before = kept(server)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * (LIMIT // 16)

    async with server.client() as client:
        assert (await client.post(PATH, data=BytesIO(b"x" * (LIMIT + 20_000)))).status == 413
        assert (await client.post(PATH, data=endless())).status == 413
        assert (await client.post(PATH, data=form(BytesIO(b"x" * (LIMIT + 1))))).status == 413
        assert (await client.post("/api/v1/runs", data=b'{"target":"' + b"x" * 100_000)).status == 413
    assert kept(server) == before


async def test_an_upload_broken_off_leaves_nothing(server: Any) -> None:
    before = kept(server)
    parts = urlsplit(server.base)
    _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {server.token}\r\nContent-Length: 5000\r\n\r\n"
    writer.write(head.encode() + b"PK\x03\x04half")
    await writer.drain()
    await eventually(lambda: kept(server) != before)  # it has begun to write
    writer.close()
    await eventually(lambda: kept(server) == before)


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=" + "x" * 500]
)
async def test_a_broken_form_is_no_fault_of_ours(server: Any, kind: str) -> None:
    async with server.client() as client:
        answer = await client.post(
            PATH, data=b"--y\r\nContent-Disposition: form-data; name=file\r\n\r\nxx", headers={"Content-Type": kind}
        )
    assert answer.status in (400, 422) and answer.json(answer.status)["error"]


@pytest.mark.parametrize("name", ["x", "%2e%2e%2findex.sqlite3", "0" * 64, "0" * 63 + "\u0660"])
async def test_only_hashes_that_are_there_are_shown(server: Any, name: str) -> None:
    async with server.client() as client:
        assert (await client.get(f"/apps/{name}")).status == 404


async def test_a_package_is_listed_and_removed_but_not_while_a_run_needs_it(server: Any) -> None:
    package = (Path(__file__).parents[2] / "apk/careless.apk").read_bytes()
    async with server.client() as client:
        app = (await client.post(PATH, data=package)).json(201)
        assert app["sha256"] in {a["sha256"] for a in (await client.get(PATH)).json()["apps"]}
        assert "Careless" in (await client.get("/")).text
        waiting = server.runs / "waiting"
        waiting.mkdir()
        asked = RunRequest(app=app["sha256"], target="test.careless", devices=("android",), with_login=True)
        (waiting / "request.json").write_text(stored(asked), encoding="utf-8")
        assert (await client.get("/api/v1/runs/waiting")).json()["state"] == "queued"
        assert (await client.ask("DELETE", f"{PATH}/{app['sha256']}")).status == 409
        own = {"Origin": server.base.rstrip("/")}
        assert (await client.post(f"/apps/{app['sha256']}/delete", headers=own)).status == 409
        assert (await client.post("/api/v1/runs/waiting/stop")).status == 202
        assert (await client.post(f"/apps/{app['sha256']}/delete", headers=own)).status == 303
        assert (await client.get(app["url"])).status == 404
        assert (await client.ask("DELETE", f"{PATH}/{app['sha256']}")).status == 404
    assert not {name for name in kept(server) if name.startswith(app["sha256"])}


async def test_a_bundle_of_splits_with_a_path_inside_writes_nothing_outside(server: Any, apk: Path) -> None:
    bundle = zipped(**{"../../../../evil.apk": apk.read_bytes(), "base.apk": apk.read_bytes()})
    async with server.client() as client:
        assert (await client.post(PATH, data=bundle)).status in (201, 422)
    above = (server.runs, *list(server.runs.parents)[:4])  # where four steps up from anywhere in the store would lead
    assert not [folder for folder in above if (folder / "evil.apk").exists()]
    assert not list(server.runs.rglob("*evil*"))
    assert not [name for name in kept(server) if name.startswith("reading-")]
