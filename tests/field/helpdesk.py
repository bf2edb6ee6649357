"""django-helpdesk (BSD, PyPI): public tickets, knowledge base and staff login. Server-rendered, English.

Its style sheets and its attachments have hosts of their own, as where a CDN and a bucket serve them.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Page

from tests.field import pypi
from tests.field.app import LOGIN, App, Backend, Place, broken, entry_broken
from tests.field.processes import free_port, running

_PACKAGES = (
    "django-helpdesk==2.6.1",
    "Django==5.2.19",
    "django-bootstrap4-form==4.0.2",
    "packaging==26.4",
)
_SETTINGS = """
import os
from pathlib import Path
DATA = Path(os.environ["DESK_DATA"])
SECRET_KEY, DEBUG, ALLOWED_HOSTS, ROOT_URLCONF, SITE_ID = "field", True, ["*"], "desk_urls", 1
CSRF_TRUSTED_ORIGINS = [os.environ["DESK_URL"]]
INSTALLED_APPS = [
    *("django.contrib." + name for name in
      ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "humanize")),
    "bootstrap4form", "rest_framework", "helpdesk",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": ["django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages"]}}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA / "desk.db"}}
DEFAULT_AUTO_FIELD, USE_TZ = "django.db.models.AutoField", True
STATIC_URL, MEDIA_URL = os.environ["STATIC_URL"] + "/static/", os.environ["MEDIA_URL"] + "/media/"
MEDIA_ROOT = DATA / "media"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
HELPDESK_TEAMS_MODE_ENABLED = False
LOGIN_URL, LOGIN_REDIRECT_URL = "helpdesk:login", "helpdesk:home"
"""
_URLS = """
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles.views import serve as static
from django.urls import include, path, re_path
from django.views.static import serve
urlpatterns = [
    re_path("^static/(?P<path>.*)$", static),
    re_path("^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    path("admin/", admin.site.urls),  # a ticket's page links there, for a user whom it knows
    path("", include("helpdesk.urls", namespace="helpdesk")),
]
"""
_CONTENT = """
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from helpdesk.models import FollowUp, FollowUpAttachment, KBCategory, KBItem, Queue, Ticket
User.objects.create_superuser({user!r}, "ann@field.test", {password!r})
queue = Queue.objects.create(title="Support", slug="support", allow_public_submission=True)
shelf = KBCategory.objects.create(title="Devices", name="Devices", slug="devices", description="All about devices", public=True)
KBItem.objects.create(category=shelf, title="Restarting a device", question="How do I restart my device?", enabled=True,
    answer="Hold the power button for ten seconds, then wait until the light turns green. If it stays red, unplug the cable, "
    "wait a minute and plug it in again. That helps in nine of ten cases.")
ticket = Ticket.objects.create(queue=queue, title="The light stays red", submitter_email="ann@field.test", description="Help")
said = FollowUp.objects.create(ticket=ticket, title="Manual", comment="Here is the manual.", public=True)
FollowUpAttachment.objects.create(followup=said, filename="manual.txt", mime_type="text/plain", size=9,
    file=ContentFile(b"Hold on.\\n", name="manual.txt"))
"""


def install(folder: Path) -> None:
    """Put it into `folder`, once."""
    pypi.installed(folder, "helpdesk", *_PACKAGES)


@contextmanager
def started(place: Place) -> Iterator[Mapping[str, Backend]]:
    folder, work, url = place.folder, place.work, place.url
    data, port, python = work / "helpdesk", free_port(), folder / "helpdesk/bin/python"
    data.mkdir()
    (data / "desk_settings.py").write_text(_SETTINGS, encoding="utf-8")
    (data / "desk_urls.py").write_text(_URLS, encoding="utf-8")
    env = {
        **os.environ,
        "PYTHONPATH": str(data),
        "DJANGO_SETTINGS_MODULE": "desk_settings",
        "DESK_DATA": str(data),
        "DESK_URL": url["desk"],
        "STATIC_URL": url["look"],
        "MEDIA_URL": url["media"],
    }
    django: list[str | Path] = [python, "-m", "django"]
    content = _CONTENT.format(user=LOGIN[0], password=LOGIN[1])
    for arguments in (["migrate", "-v0"], ["shell", "-c", content]):
        subprocess.run([*django, *arguments], check=True, env=env, capture_output=True)
    serving = [*django, "runserver", "--noreload", f"127.0.0.1:{port}"]
    with running(serving, f"http://127.0.0.1:{port}/", work / "helpdesk.log", env=env):
        yield {name: Backend(port) for name in url}


async def script(page: Page, url: Mapping[str, str]) -> None:
    desk = url["desk"]
    await page.goto(desk)
    await page.get_by_role("link", name="Log In").first.click()
    await page.locator("input[name=username]").fill(LOGIN[0])
    await page.locator("input[name=password]").fill(LOGIN[1])
    await page.locator("form input[type=submit], form button[type=submit]").last.click()
    await page.get_by_role("link", name="New Ticket").first.click()
    await page.locator("#id_title").fill("The light stays red")
    await page.locator("#id_body").fill("It does not turn green.")
    await page.locator("#id_attachment").set_input_files(
        {"name": "light.txt", "mimeType": "text/plain", "buffer": b"It is red."}
    )
    await page.get_by_role("button", name="Submit Ticket").click()
    await page.get_by_text("The light stays red").first.wait_for()
    link = page.get_by_role("link", name="light.txt").first
    async with page.context.expect_page() as opened:
        await link.click(modifiers=["Control"])
    await (await opened.value).get_by_text("It is red.").wait_for()
    await page.goto(desk + "/settings/")
    await page.get_by_text("ann@field.test").or_(page.get_by_role("heading", name="User Settings")).first.wait_for()
    await page.goto(desk + "/kb/")
    await page.get_by_role("link", name="Devices").or_(page.get_by_text("View articles")).first.click()
    await page.get_by_text("How do I restart my device?").or_(page.get_by_text("Restarting a device")).first.click()
    await page.get_by_text("Hold the power button").first.wait_for()


APP = App(
    name="helpdesk",
    about="public tickets, knowledge base, staff login; server-rendered, attachments in a bucket",
    language="English",
    hosts={"desk": "help.field.test", "look": "look.field.test", "media": "media.field.test"},
    start=("desk", "/"),
    can=("login", "submit-ticket", "upload-attachment", "download-attachment", "account-info", "knowledge-base"),
    install=install,
    started=started,
    script=script,
    cases=(
        entry_broken("hostname-mismatch", "desk"),
        broken("media", "expired", download_attachment="failed"),
        broken("look", "incomplete-chain"),
    ),
)
