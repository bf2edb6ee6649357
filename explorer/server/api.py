"""/api/v1 lets programs do what the pages do: upload, start, wait and fetch. /api/v1/openapi.json describes it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from explorer import __version__
from explorer.request.errors import RequestError
from explorer.request.remote import parse_client, request_schema
from explorer.server import download, run_files
from explorer.server.checking import checked
from explorer.server.run_facts import FACTS, RunFacts
from explorer.server.site import Site, site_of
from explorer.server.uploads import AppFacts, UploadError
from reports import FORMATS
from reports.journal.events import JournalError

ROOT = "/api/v1"
LOOK = 0.2
LONGEST_WAIT = 300.0
"""The longest time that a request may wait for the end of a run, in seconds."""
LARGEST_REQUEST = 64 << 10
"""Largest body of a run request, in bytes."""
_APP: TypeAdapter[AppFacts] = TypeAdapter(AppFacts)


class Refusal(Exception):
    """A request is refused. `status` is the HTTP status of the response, `error` a sentence for its body."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of the API: method, path, description, body and responses."""

    method: str
    path: str
    about: str
    do: Callable[[Site, Request], Awaitable[Response]]
    takes: str = ""
    status: int = 200
    answers: str = ""


def _facts(facts: RunFacts, status: int = 200) -> Response:
    told = FACTS.dump_python(facts, mode="json") | {"url": f"/runs/{facts.id}"}
    return JSONResponse(told, status)


async def _known(site: Site, request: Request) -> RunFacts:
    known = await site.known(request.path_params["run"])
    if known is None:
        raise Refusal(404, "There is no such run. GET /api/v1/runs lists them.")
    return known[1]


async def _upload(site: Site, request: Request) -> Response:
    try:
        app = await site.uploads.take(request)
    except UploadError as error:
        raise Refusal(error.status, str(error)) from error
    return JSONResponse(_APP.dump_python(app, mode="json") | {"url": f"/apps/{app.sha256}"}, 201)


async def _uploads(site: Site, request: Request) -> Response:
    return JSONResponse({"apps": [_APP.dump_python(app, mode="json") for app in site.uploads.all()]})


async def _forget_upload(site: Site, request: Request) -> Response:
    sha256 = request.path_params["sha256"]
    if site.queue.wants(sha256):
        raise Refusal(409, "A run that is waiting or running needs this package: stop the run, or wait for its end.")
    if not site.uploads.delete(sha256):
        raise Refusal(404, "There is no such package. GET /api/v1/uploads lists them.")
    return Response(status_code=204)


async def _start(site: Site, request: Request) -> Response:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_REQUEST:
            raise Refusal(
                413, f"The request is larger than {LARGEST_REQUEST >> 10} KiB: leave out what it need not say."
            )
    try:
        run = await site.queue.submit(await checked(parse_client(bytes(body)), site.settings))
    except RequestError as error:
        raise Refusal(422, f"{error.field or 'body'}: {error}") from error
    facts = site.index.get(run)
    assert facts is not None
    return _facts(facts, 202)


async def _runs(site: Site, request: Request) -> Response:
    await site.index.refresh(site.queue.workers)
    return JSONResponse({"runs": [FACTS.dump_python(facts, mode="json") for facts in site.index.all()]})


async def _run(site: Site, request: Request) -> Response:
    """The state of a run. With `?wait=SECONDS`, the response comes at the end of the run or after that time."""
    wait = request.query_params.get("wait", "0")
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", wait):
        raise Refusal(422, "wait must be a number of seconds.")
    await _known(site, request)
    try:
        async with asyncio.timeout(min(float(wait), LONGEST_WAIT) or None):
            while float(wait) and not (await _known(site, request)).over:  # noqa: ASYNC110 - other tasks move the index on
                await asyncio.sleep(LOOK)
    except TimeoutError:
        pass
    return _facts(await _known(site, request))


async def _journal(site: Site, request: Request) -> Response:
    """The complete lines of the journal from a byte offset on.

    The next offset is this offset plus the length of the response."""
    run, start = (await _known(site, request)).id, request.query_params.get("from", "0")
    if not re.fullmatch(r"[0-9]{1,15}", start):
        raise Refusal(422, "The parameter «from» must be a whole number of bytes.")
    folder = site.index.folder(run)
    path = run_files.inside(folder, "journal.jsonl") if folder else None
    lines = await asyncio.to_thread(run_files.lines_from, path, int(start)) if path else b""
    return Response(lines, media_type="application/jsonl")


async def _report(site: Site, request: Request) -> Response:
    facts, form = await _known(site, request), request.path_params["form"]
    folder = site.index.folder(facts.id)
    if folder is None or form not in {*FORMATS, "zip"}:
        raise Refusal(404, f"There is no such report. Known: {', '.join(FORMATS)}, zip.")
    if not facts.over:
        raise Refusal(409, "This run has not ended yet: wait for its end, or stop it.")
    try:
        return await (download.whole(site, folder) if form == "zip" else download.report_file(site, folder, form))
    except JournalError as error:
        raise Refusal(409, str(error).replace(str(folder), facts.id)) from error


async def _stop(site: Site, request: Request) -> Response:
    if not await site.queue.stop((await _known(site, request)).id):
        raise Refusal(409, "There is nothing to stop: this run has ended.")
    return _facts(await _known(site, request), 202)


async def _stop_session(site: Site, request: Request) -> Response:
    if not site.queue.stop_session((await _known(site, request)).id, request.path_params["session"]):
        raise Refusal(409, "There is nothing to stop: this run is not running.")
    return _facts(await _known(site, request), 202)


async def _delete(site: Site, request: Request) -> Response:
    if not await site.queue.delete((await _known(site, request)).id):
        raise Refusal(409, "This run is still running: stop it first.")
    return Response(status_code=204)


async def _openapi(site: Site, request: Request) -> Response:
    return JSONResponse(openapi())


CALLS = (
    Call(
        "POST",
        "/uploads",
        "Upload an APK as the body, or as the field `file` of a form. Returns a description of the package.",
        _upload,
        "binary",
        201,
        "App",
    ),
    Call("GET", "/uploads", "The uploaded packages, newest first.", _uploads, answers="Apps"),
    Call("DELETE", "/uploads/{sha256}", "Remove a package.", _forget_upload, status=204),
    Call("POST", "/runs", "Put a run into the queue.", _start, "RunRequest", 202, "Run"),
    Call("GET", "/runs", "All runs, newest first.", _runs, answers="Runs"),
    Call(
        "GET",
        "/runs/{run}",
        "One run. With ?wait=SECONDS, the response comes when the run has ended, or after that time.",
        _run,
        answers="Run",
    ),
    Call("DELETE", "/runs/{run}", "Delete a run and its folder.", _delete, status=204),
    Call(
        "GET",
        "/runs/{run}/reports/{form}",
        f"A report: {', '.join(FORMATS)}, or zip for the whole run.",
        _report,
        answers="file",
    ),
    Call(
        "GET",
        "/runs/{run}/journal",
        "The journal so far, from a byte offset on (?from=BYTES).",
        _journal,
        answers="file",
    ),
    Call("POST", "/runs/{run}/stop", "Stop a run. What it has seen is judged.", _stop, status=202, answers="Run"),
    Call("POST", "/runs/{run}/sessions/{session}/stop", "Stop one session.", _stop_session, status=202, answers="Run"),
    Call("GET", "/openapi.json", "This description.", _openapi, answers="object"),
)


def openapi() -> dict[str, Any]:
    """The OpenAPI document, computed from `CALLS` and the models that validate requests."""
    schemas: dict[str, Any] = {}
    for name, schema in (
        ("RunRequest", request_schema("#/components/schemas/{model}")),
        ("Run", FACTS.json_schema(mode="serialization", ref_template="#/components/schemas/{model}")),
        ("App", _APP.json_schema(mode="serialization", ref_template="#/components/schemas/{model}")),
    ):
        schemas |= schema.pop("$defs", {})
        schemas[name] = schema
    for name, key, item in (("Runs", "runs", "Run"), ("Apps", "apps", "App")):
        items = {"type": "array", "items": {"$ref": f"#/components/schemas/{item}"}}
        schemas[name] = {"type": "object", "properties": {key: items}, "required": [key]}
    schemas["Error"] = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}
    paths: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        paths.setdefault(ROOT + call.path, {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Trustwalk", "version": __version__},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    }


def _operation(call: Call) -> dict[str, Any]:
    def content(what: str) -> dict[str, Any]:
        if what in ("binary", "file"):
            return {"application/octet-stream": {}}
        return {
            "application/json": {
                "schema": {"type": "object"} if what == "object" else {"$ref": f"#/components/schemas/{what}"}
            }
        }

    answer: dict[str, Any] = {"description": "done"} | ({"content": content(call.answers)} if call.answers else {})
    told: dict[str, Any] = {
        "summary": call.about,
        "operationId": call.do.__name__.strip("_"),
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"{(\w+)}", call.path)
        ],
        "responses": {
            str(call.status): answer,
            "default": {"description": "the error, in a sentence", "content": content("Error")},
        },
    }
    for do, name, schema in (
        (_run, "wait", {"type": "number", "maximum": LONGEST_WAIT}),
        (_journal, "from", {"type": "integer", "minimum": 0}),
    ):
        if call.do is do:
            told["parameters"].append({"name": name, "in": "query", "schema": schema})
    if call.takes:
        told["requestBody"] = {"required": True, "content": content(call.takes)}
    return told


def _route(call: Call) -> Route:
    async def answer(request: Request) -> Response:
        try:
            return await call.do(site_of(request), request)
        except Refusal as refusal:
            return JSONResponse({"error": refusal.error}, refusal.status)

    return Route(ROOT + call.path, answer, methods=[call.method], name=f"api-{call.do.__name__}")


ROUTES = [_route(call) for call in CALLS]
