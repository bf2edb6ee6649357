"""The pages that people read. Every one works without JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from importlib import resources

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from explorer.request.credential import Login
from explorer.request.errors import RequestError
from explorer.request.request import RunRequest
from explorer.request.resolve import DEFAULT_PERSONAS, known_journeys, known_personas
from explorer.server import download
from explorer.server.checking import checked
from explorer.server.form import MORE, sent
from explorer.server.live import Live
from explorer.server.run_facts import QUEUED, RUNNING, change_in
from explorer.server.site import Site, site_of
from explorer.server.uploads import UploadError
from reports import FORMATS
from reports.journal.events import JournalError

Page = Callable[[Request], Awaitable[Response]]
MOST_UPLOADS = 8
"""How many packages the start page lists."""
TOLD = "What the file tells"
NO_RUN = ("There is no such run", "It may have been deleted.")
_STATIC = {
    "page.css": ("explorer.server", "static/page.css", "text/css"),
    "page.js": ("explorer.server", "static/page.js", "text/javascript"),
    "icon.svg": ("explorer.server", "static/icon.svg", "image/svg+xml"),
    "report.css": ("reports", "templates/page.css", "text/css"),
}


async def new(request: Request) -> Response:
    target = request.query_params.get("target", "")[:2_000]
    return await _form(site_of(request), RunRequest(target=target, personas=DEFAULT_PERSONAS), {})


async def start(request: Request) -> Response:
    """Accept the form: redirect to the run, or show the form again with its errors."""
    site = site_of(request)
    async with request.form(max_files=0, max_fields=300) as form:
        asked, errors = sent(form)
    if not errors:
        try:
            run = await site.queue.submit(await checked(asked, site.settings))
        except RequestError as error:
            errors = {error.field: str(error)}
        else:
            return RedirectResponse(f"/runs/{run}", 303)
    return await _form(site, asked, errors, 422)


async def _form(site: Site, asked: RunRequest, errors: Mapping[str, str], status: int = 200) -> Response:
    """The form for a web address, or for the requested package."""
    app = site.uploads.get(asked.app) if asked.app else None
    if asked.app and app is None:
        return site.message(404, "There is no such package", "Upload it again.")
    waiting = sum(run.state in (QUEUED, RUNNING) for run in site.index.all())
    found = await site.devices.look()
    return site.page(
        "app.html.j2" if app else "new.html.j2",
        status,
        asked=asked,
        more=MORE,
        errors=errors,
        personas=known_personas(),
        journeys=known_journeys(),
        waiting=waiting,
        app=app,
        browsers=found.browsers,
        androids=found.androids,
        uploads=site.uploads.all()[:MOST_UPLOADS],
        limit=f"{site.settings.upload_limit / 2**20:,.0f}",
    )


async def upload(request: Request) -> Response:
    """Accept an upload from a browser without JavaScript."""
    site = site_of(request)
    try:
        app = await site.uploads.take(request)
    except UploadError as error:
        return site.message(error.status, "The upload was refused", str(error))
    return RedirectResponse(f"/apps/{app.sha256}", 303)


async def read_recording(request: Request) -> Response:
    """Read a file that a customer sent, for a browser without JavaScript: redirect to its run, or show its text."""
    site = site_of(request)
    try:
        told = await site.recordings.read(request)
    except UploadError as error:
        return site.message(error.status, "The file was not read", str(error))
    return RedirectResponse(f"/runs/{told.run}", 303) if told.run else site.message(200, TOLD, "", told.text)


async def app_shown(request: Request) -> Response:
    """A package's description, and the form that starts a run of it."""
    site = site_of(request)
    app = site.uploads.get(request.path_params["sha256"])
    if app is None:
        return site.message(404, "There is no such package", "Upload it again.")
    return await _form(site, RunRequest(app=app.sha256, personas=DEFAULT_PERSONAS), {})


async def delete_app(request: Request) -> Response:
    site, sha256 = site_of(request), request.path_params["sha256"]
    if site.queue.wants(sha256):
        return site.message(409, "The package was not removed", "A run that is waiting or running needs this package.")
    site.uploads.delete(sha256)
    return RedirectResponse("/", 303)


TARGETS, LISTED = 50, 100
"""How many targets the list of runs shows on one page, and how many runs of one target."""


async def history(request: Request) -> Response:
    """The runs of all targets, or (`?target=`) the list of one target's runs. `?from=` skips so many of them."""
    site, target = site_of(request), request.query_params.get("target")
    asked = request.query_params.get("from", "0")
    start = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    targets = await site.history()
    waiting = any(not run.over for each in targets for run in each["runs"])
    if target is None:
        shown = targets[start : start + TARGETS]
        return site.page(
            "history.html.j2", targets=shown, waiting=waiting, listed=LISTED, start=start, further=len(targets) - start
        )
    runs = next((each["runs"] for each in targets if each["target"] == target), ())
    return site.page("target_runs.html.j2", target=target, runs=runs, start=start, listed=LISTED, waiting=waiting)


async def run_shown(request: Request) -> Response:
    """A run: the live view while it runs, its outcome afterwards."""
    site, run = site_of(request), request.path_params["run"]
    if run not in site.queue.workers and site.index.folder(run):
        await site.index.refresh_one(run)
    known = await site.known(run)
    if known is None:
        return site.message(404, *NO_RUN)
    folder, facts = known
    live, change = "", None
    if not facts.over:
        state = Live(folder)
        state.catch_up()
        live = site.live(run, state)
    else:
        change = change_in(facts, site.index.all())
    needs_login = site.queue.waits_for_login(run)
    return site.page("run.html.j2", facts=facts, live=Markup(live), change=change, needs_login=needs_login)  # noqa: S704 - our own template made it


async def events(request: Request) -> Response:
    """Server-sent events: `live` with the part of the page that changed, `over` at the end."""
    site, run = site_of(request), request.path_params["run"]
    known = await site.known(run)
    if known is None:
        return PlainTextResponse("There is no such run.", 404)
    broadcast = site.broadcast(run, known[0])

    async def stream() -> AsyncIterator[bytes]:
        yield b"retry: 2000\n\n"
        async for text in broadcast.watch():
            yield broadcast.packed(text)
        yield b"event: over\ndata: over\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream")


async def stop(request: Request) -> Response:
    run = request.path_params["run"]
    await site_of(request).queue.stop(run)
    return RedirectResponse(f"/runs/{run}", 303)


async def stop_session(request: Request) -> Response:
    run = request.path_params["run"]
    async with request.form(max_files=0, max_fields=5) as form:
        site_of(request).queue.stop_session(run, str(form.get("session", "")))
    return RedirectResponse(f"/runs/{run}", 303)


async def give_login(request: Request) -> Response:
    site, run = site_of(request), request.path_params["run"]
    async with request.form(max_files=0, max_fields=5) as form:
        user, password = str(form.get("user", ""))[:200], str(form.get("password", ""))[:2000]
    if user and password and site.queue.waits_for_login(run):
        site.queue.give_login(run, Login.of(user, password))
    return RedirectResponse(f"/runs/{run}", 303)


async def delete(request: Request) -> Response:
    site, run = site_of(request), request.path_params["run"]
    if not await site.queue.delete(run):
        return site.message(
            409, "The run was not deleted", "The run is still running (stop it first), or does not exist."
        )
    return RedirectResponse("/runs", 303)


async def report(request: Request) -> Response:
    return await _file(request, download.report)


async def report_file(request: Request) -> Response:
    if request.path_params["form"] not in FORMATS:
        return site_of(request).message(404, "There is no such format", f"Known: {', '.join(FORMATS)}.")
    return await _file(request, lambda site, folder: download.report_file(site, folder, request.path_params["form"]))


async def whole(request: Request) -> Response:
    return await _file(request, download.whole)


async def _file(request: Request, make: Callable[..., Awaitable[Response]]) -> Response:
    site, run = site_of(request), request.path_params["run"]
    known = await site.known(run)
    if known is None:
        return site.message(404, *NO_RUN)
    folder, facts = known
    if not facts.over:
        return site.message(409, "This run has not ended", "The reports are written when the run ends.")
    try:
        return await make(site, folder)
    except JournalError as error:
        return site.message(409, "The report of this run cannot be rendered", str(error).replace(str(folder), run))


async def picture(request: Request) -> Response:
    site = site_of(request)
    folder = site.index.folder(request.path_params["run"])
    found = await site.pictures.get(folder, request.path_params["name"]) if folder else None
    return found or PlainTextResponse("There is no such picture.", 404)


async def static(request: Request) -> Response:
    found = _STATIC.get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("There is no such file.", 404)
    package, path, kind = found
    return Response(resources.files(package).joinpath(path).read_bytes(), media_type=kind)


def _route(path: str, page: Page, *methods: str) -> Route:
    return Route(path, page, methods=list(methods or ("GET",)))


ROUTES = [
    _route("/", new),
    _route("/runs", history),
    _route("/runs", start, "POST"),
    _route("/apps", upload, "POST"),
    _route("/recordings", read_recording, "POST"),
    _route("/apps/{sha256}", app_shown),
    _route("/apps/{sha256}/delete", delete_app, "POST"),
    _route("/runs/{run}", run_shown),
    _route("/runs/{run}/events", events),
    _route("/runs/{run}/stop", stop, "POST"),
    _route("/runs/{run}/stop-session", stop_session, "POST"),
    _route("/runs/{run}/login", give_login, "POST"),
    _route("/runs/{run}/delete", delete, "POST"),
    _route("/runs/{run}/report.html", report),
    _route("/runs/{run}/download/{form}", report_file),
    _route("/runs/{run}/run.zip", whole),
    _route("/runs/{run}/screens/{name}", picture),
    _route("/static/{name}", static),
]
