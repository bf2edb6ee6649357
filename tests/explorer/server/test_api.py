"""The API describes itself, and the description is what it does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route

from explorer.server.api import CALLS, ROOT, openapi
from explorer.server.app import listen, make_app
from explorer.server.settings import Settings
from explorer.server.site import environment
from tests.explorer.server.journals import events, write


def test_every_route_is_described(tmp_path: Path) -> None:
    app = make_app(Settings(tmp_path))
    described = {(method.upper(), path) for path, methods in openapi()["paths"].items() for method in methods}
    served = {
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route) and route.path.startswith(ROOT)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert described == served and len(served) == len(CALLS)


def test_the_description_hangs_together() -> None:
    document = openapi()
    refs = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert refs <= set(document["components"]["schemas"])
    assert document["security"] == [{"token": []}]
    names = [call["operationId"] for methods in document["paths"].values() for call in methods.values()]
    assert len(names) == len(set(names))


async def test_a_program_reads_runs_that_were_made_elsewhere(server: Any) -> None:
    write(server.runs, "elsewhere", events("elsewhere", cause="expired"))
    async with server.client() as client:
        run = (await client.get("/api/v1/runs/elsewhere", params={"wait": "5"})).json()
        assert (run["state"], run["exit_code"]) == ("done", 1)
        assert [(f["journey"], f["cause"]) for f in run["failures"]] == [("start-chat", "expired")]
        assert (await client.post("/api/v1/runs/elsewhere/stop")).status == 409
        assert (await client.get("/api/v1/openapi.json")).json()["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "JSON"),
        (b"[]", "body"),
        (b'{"target": "https://a.example/", "steps": 0}', "steps"),
        (b'{"target": "https://a.example/", "colour": "red"}', "colour"),
        (b'{"target": "http://127.0.0.1/"}', "private"),
        (b'{"target": "http://127.0.0.1/", "private": true, "personas": ["nobody"]}', "personas"),
        (b'{"target": "http://127.0.0.1/", "login": {"user": "u", "password": 5}}', "login"),
    ],
)
async def test_what_is_wrong_is_told_by_name(server: Any, body: bytes, word: str) -> None:
    async with server.client() as client:
        assert word in (await client.post("/api/v1/runs", data=body)).json(422)["error"]
        assert (await client.get("/api/v1/runs/nobody")).json(404)[
            "error"
        ] == "There is no such run. GET /api/v1/runs lists them."
        assert "error" in (await client.get("/api/v1/nothing")).json(404)
        assert "error" in (await client.ask("PUT", "/api/v1/runs")).json(405)
        assert (await client.get("/api/v1/runs/x", params={"wait": "nan"})).status == 422


async def test_a_request_without_end_is_not_read(server: Any) -> None:
    async with server.client() as client:
        told = (await client.post("/api/v1/runs", data=b'{"target": "' + b"x" * (64 << 10))).json(413)
        assert told["error"] == "The request is larger than 64 KiB: leave out what it need not say."


def test_templates_escape_what_the_app_says() -> None:
    page = environment().get_template("message.html.j2").render(title="<b>", text='"><script>\x1b')
    assert "<script>\x1b" not in page and "&lt;script&gt;" in page and "\x1b" not in page


def test_any_free_port_can_be_had_and_a_taken_one_cannot() -> None:
    with listen("127.0.0.1", 0) as one:
        port = one.getsockname()[1]
        assert port
        with pytest.raises(OSError, match="in use"):
            listen("127.0.0.1", port)
