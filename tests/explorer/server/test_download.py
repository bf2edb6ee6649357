"""Files of runs: what is there can be had, and nothing else can."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from explorer.server.run_files import inside
from reports import FORMATS
from tests.explorer.server.journals import events, write

SECRET = "the shadow of a password file"


@pytest.fixture(scope="module")
def filled(server: Any) -> Any:
    """The server with runs beside it; one of them has links that lead outside."""
    folder = write(server.runs, "one", events("one", cause="expired", title="<script>alert(1)</script>"))
    (folder / "screens").mkdir()
    (folder / "screens" / "p0@desktop-000.jpg").write_bytes(b"\xff\xd8picture")
    outside = server.runs.parent / "outside.jpg"
    outside.write_text(SECRET, encoding="utf-8")
    (folder / "screens" / "link.jpg").symlink_to(outside)
    (folder / "report.md").symlink_to(outside)
    (folder / "evidence").symlink_to(server.runs.parent)
    write(server.runs, "cut", events("cut")[:4])
    return server


async def listed(client: Any) -> None:
    assert {r["id"] for r in (await client.get("/api/v1/runs")).json()["runs"]} >= {"one", "cut"}


@pytest.mark.parametrize("form", FORMATS)
async def test_every_format_can_be_had(filled: Any, form: str) -> None:
    async with filled.client() as client:
        await listed(client)
        for path in (f"/runs/one/download/{form}", f"/api/v1/runs/one/reports/{form}"):
            answer = await client.get(path)
            assert answer.status == 200 and SECRET not in answer.text
            assert answer.headers["content-disposition"] == f'attachment; filename="one-{FORMATS[form].file}"'
    if form == "json":
        assert json.loads(answer.body)["schema"] == "trustwalk.report/1"


async def test_the_report_of_a_run_that_was_cut_off_can_be_read(filled: Any) -> None:
    async with filled.client() as client:
        await listed(client)
        answer = await client.get("/runs/cut/report.html")
        assert answer.status == 200 and "cut off" in answer.text


async def test_the_report_may_do_nothing_whatever_is_in_it(filled: Any) -> None:
    async with filled.client() as client:
        await listed(client)
        answer = await client.get("/runs/one/report.html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "allow-same-origin" not in policy
    assert "'self'" not in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert "<script>alert(1)" not in answer.text


async def test_the_zip_holds_the_run_and_nothing_behind_links(filled: Any) -> None:
    async with filled.client() as client:
        await listed(client)
        for path in ("/runs/one/run.zip", "/api/v1/runs/one/reports/zip"):
            archive = zipfile.ZipFile(io.BytesIO((await client.get(path)).body))
            names = archive.namelist()
            assert {"one/journal.jsonl", "one/screens/p0@desktop-000.jpg"} <= set(names)
            assert all(name.startswith("one/") and ".." not in name for name in names)
            assert not any(SECRET.encode() in archive.read(name) for name in names)
            assert not [name for name in names if "link" in name or "evidence" in name]
    assert not list((filled.runs / ".serve").glob("*.zip"))


@pytest.mark.parametrize(
    "path",
    [
        "/runs/%2e%2e/report.html",
        "/runs/..%2f..%2fetc/report.html",
        "/runs/.serve/report.html",
        "/runs/one%2fscreens/report.html",
        "/runs/one/screens/link.jpg",
        "/runs/one/screens/..%2fjournal.jsonl",
        "/runs/one/screens/%2e%2e%2fjournal.jsonl",
        "/runs/one/screens/..%5cjournal.jsonl",
        "/runs/one/screens/journal.jsonl",
        "/runs/one/screens/a%00.jpg",
        "/runs/one/download/journal.jsonl",
        "/runs/one/download/..%2fjournal.jsonl",
        "/api/v1/runs/one/reports/..%2f..%2fx",
        "/static/../guard.py",
        "/static/%2e%2e%2fguard.py",
        "/static/..%2f..%2fguard.py",
        "/runs/nobody/run.zip",
        "/runs/one/screens/",
    ],
)
async def test_no_path_leads_out(filled: Any, path: str) -> None:
    async with filled.client() as client:
        await listed(client)
        answer = await client.get(URL(filled.base.rstrip("/") + path, encoded=True))
        assert answer.status in (400, 404) and SECRET not in answer.text and "root:" not in answer.text


async def test_a_picture_can_be_seen(filled: Any) -> None:
    async with filled.client() as client:
        answer = await client.get("/runs/one/screens/p0@desktop-000.jpg")
        assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")


def test_inside_knows_its_own_files_only(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "f").write_text("x", encoding="utf-8")
    (tmp_path / "f").write_text("x", encoding="utf-8")
    assert inside(folder, "f") == folder / "f"
    for parts in (("..", "f"), ("../f",), (str(tmp_path / "f"),), ("",), ("nothing",), ("\0",)):
        assert inside(folder, *parts) is None


async def test_deleting_takes_only_a_run_that_is_over(filled: Any) -> None:
    write(filled.runs, "away", events("away"))
    async with filled.client() as client:
        await listed(client)
        assert (await client.ask("DELETE", "/api/v1/runs/away")).status == 204
        assert not (filled.runs / "away").exists()
        assert (await client.ask("DELETE", "/api/v1/runs/away")).status == 404
        own = await client.post("/runs/.serve/delete", headers={"Origin": filled.base.rstrip("/")})
        assert own.status == 409 and (filled.runs / ".serve").is_dir()
