"""A file from a customer becomes a run, a text, or a sentence, and is not kept."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import FormData

from explorer.server import recordings
from explorer.tls.faults.mint import Authority, pem
from tests.explorer.evidence.hars import entry, har, page

PATH = "/api/v1/recordings"
FAILED = entry(
    "https://tickets.shop.example/api/tickets?token=t0ken",
    0,
    at=5,
    method="POST",
    response={"_error": "net::ERR_CERT_DATE_INVALID"},
)


def left(server: Any) -> list[str]:
    """What is left of uploads, and of folders without a journal."""
    uploads = [path.name for path in (server.runs / ".serve" / "uploads").iterdir()]
    empty = [path.name for path in server.runs.iterdir() if path.name != ".serve" and not any(path.iterdir())]
    return uploads + empty


async def test_a_har_becomes_a_run_with_its_report_and_the_drafted_answers(server: Any) -> None:
    async with server.client() as client:
        told = (await client.post(PATH, data=har([page(), FAILED]))).json(201)
        facts = (await client.get(f"/api/v1{told['url']}")).json()
        report = await client.get(f"/api/v1{told['url']}/reports/html")
        reply = await client.get(f"/api/v1{told['url']}/reports/reply")
    assert facts["id"] == told["run"] and told["text"] == ""
    assert "Submit a ticket" in report.text and "tickets.shop.example" in report.text
    assert "To the customer, about tickets.shop.example" in reply.text
    assert b"t0ken" not in b"".join(
        path.read_bytes() for path in (server.runs / told["run"]).iterdir() if path.is_file()
    )
    assert left(server) == []


async def test_a_form_of_a_browser_without_script_leads_to_the_run(server: Any) -> None:
    sent = FormData()
    sent.add_field("file", har([page(), FAILED]), filename="session.har")
    async with server.client() as client:
        answer = await client.post("/recordings", data=sent)
    assert answer.status == 303 and answer.headers["location"].startswith("/runs/")


async def test_certificates_are_told_in_a_text(server: Any) -> None:
    data = pem(Authority.create().leaf(["shop.example"]).certificate)
    async with server.client() as client:
        told = (await client.post(PATH, data=data)).json(201)
        shown = await client.post("/recordings", data=data)
    assert told["run"] == "" and "shop.example" in told["text"]
    assert shown.status == 200 and "<pre" in shown.text
    assert left(server) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choose a file first"),
        (b"\x00\x01\x02 nothing that anybody knows", "This file"),
        (b"{" * 50_000, "This file"),
    ],
    ids=["nothing", "noise", "braces"],
)
async def test_what_cannot_be_read_is_told_in_a_sentence_and_leaves_nothing(
    server: Any, data: bytes, said: str
) -> None:
    async with server.client() as client:
        answer = await client.post(PATH, data=data)
    assert answer.status == 422 and said in answer.json(422)["error"] and "/" not in answer.json(422)["error"]
    assert left(server) == []


async def test_without_the_token_nothing_is_read(server: Any) -> None:
    async with server.stranger() as stranger:
        assert (await stranger.post(PATH, data=har([page(), FAILED]))).status in (401, 403)


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("Error: a.har is empty.\nWarning: unclosed file\n", "a.har is empty."),
        ("Warning: old\nError: no.\n", "no."),
        ("Usage: trustwalk read\nkilled\n", "killed"),
        (" \n", "It could not be read."),
    ],
)
def test_the_error_is_told_whatever_warnings_stand_around_it(printed: str, told: str) -> None:
    assert recordings._error_in(printed) == told
