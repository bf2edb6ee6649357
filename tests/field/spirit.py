"""Spirit (MIT, PyPI): a forum in Polish on Django. Server-rendered; the editor's icons put files into the text.

What members put into their texts has a host of its own, as where a forum keeps its files in a bucket.
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
from tests.field.processes import KEPT_IN, free_port, running

_PACKAGES = ("django-spirit==0.14.3", "Django==5.2.19")
_SETTINGS = """
from .dev import *
ALLOWED_HOSTS, LANGUAGE_CODE = ["*"], "pl"
CSRF_TRUSTED_ORIGINS = [os.environ["FORUM_URL"]]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MIDDLEWARE.remove("django.middleware.locale.LocaleMiddleware")
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
HAYSTACK_CONNECTIONS["default"]["ENGINE"] = "haystack.backends.simple_backend.SimpleEngine"
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
"""
_CONTENT = """
import os
from django.conf import settings
from spirit.category.models import Category
from spirit.comment.models import Comment
from spirit.topic.models import Topic
from django.contrib.auth import get_user_model
User = get_user_model()
team = User.objects.create_user("obsluga", "team@field.test", {password!r})
ann = User.objects.create_user({user!r}, "ann@field.test", {password!r})
for each in (team, ann):
    each.st.is_verified = True
    each.st.save()
help = Category.objects.create(title="Pomoc techniczna", description="Tu zgłaszasz problem, a obsługa odpowiada.")
for title, text in (
    ("Jak ponownie uruchomić lampę?", "Przytrzymaj przycisk przez dziesięć sekund i poczekaj, aż światło zmieni się na zielone. "
     "Jeśli pozostaje czerwone, odłącz kabel, odczekaj minutę i podłącz go ponownie. To pomaga w dziewięciu przypadkach na dziesięć."),
    ("Instrukcja obsługi do pobrania", "Instrukcję można pobrać tutaj: [instrukcja.pdf](/media/instrukcja.pdf)."),
):
    topic = Topic.objects.create(user=team, category=help, title=title)
    from spirit.core.utils.markdown import Markdown
    Comment.objects.create(user=team, topic=topic, comment=text, comment_html=Markdown().render(text))
os.makedirs(settings.MEDIA_ROOT, exist_ok=True)
with open(os.path.join(settings.MEDIA_ROOT, "instrukcja.pdf"), "wb") as out:
    out.write(b"%PDF-1.4\\n%%EOF\\n")
"""
_GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


def install(folder: Path) -> None:
    """Put it into `folder`, once."""
    pypi.installed(folder, "spirit", *_PACKAGES)


@contextmanager
def started(place: Place) -> Iterator[Mapping[str, Backend]]:
    programs, port = place.folder / "spirit/bin", free_port()
    env = {**os.environ, **KEPT_IN, "FORUM_URL": place.url["forum"], "PATH": f"{programs}:{os.environ['PATH']}"}
    # It starts a project as its manual says, in a folder of that name.
    making: list[str | Path] = [programs / "spirit", "startproject", "forum"]
    subprocess.run(making, check=True, capture_output=True, env=env, cwd=place.work)
    home = place.work / "forum"
    (home / "forum/settings/field.py").write_text(_SETTINGS, encoding="utf-8")
    env["DJANGO_SETTINGS_MODULE"] = "forum.settings.field"
    django: list[str | Path] = [programs / "python", "manage.py"]
    content = _CONTENT.format(user=LOGIN[0], password=LOGIN[1])
    for arguments in (["migrate", "-v0"], ["shell", "-c", content]):
        subprocess.run([*django, *arguments], check=True, capture_output=True, env=env, cwd=home)
    serving = [*django, "runserver", "--noreload", f"127.0.0.1:{port}"]
    with running(serving, f"http://127.0.0.1:{port}/", place.work / "forum.log", env=env, cwd=home):
        yield {name: Backend(port, {"/media/": "media"}) for name in place.url}


async def script(page: Page, url: Mapping[str, str]) -> None:
    await page.goto(url["forum"])
    await page.locator("a[href*='/user/login/']").first.click()
    await page.locator("input[name=username]").fill(LOGIN[0])
    await page.locator("input[name=password]").fill(LOGIN[1])
    await page.locator("input[name=password]").press("Enter")
    await page.locator("a[href='/user/menu/']").click()
    await page.locator(f".js-user-content a[href*='/{LOGIN[0]}/']").first.click()
    await page.locator("a[href='/user/']").first.click()
    await page.locator("input[name=first_name]").wait_for()
    await page.goto(url["forum"])
    await page.get_by_role("link", name="Jak ponownie uruchomić lampę?").click()
    await page.get_by_text("Przytrzymaj przycisk").wait_for()
    await page.goto(url["forum"])
    await page.get_by_role("link", name="Instrukcja obsługi do pobrania").click()
    async with page.context.expect_event("response", lambda a: a.url.endswith("instrukcja.pdf") and a.ok):
        await page.get_by_role("link", name="instrukcja.pdf").click(modifiers=["Control"])
    await page.goto(url["forum"])
    await page.locator("a[href*='/topic/publish/']").first.click()
    await page.locator("select[name=category]").select_option(label="Pomoc techniczna")
    await page.locator("input[name=title]").fill("Lampa nie świeci")
    text = page.locator("textarea[name=comment]")
    await text.fill("Światło zgasło.")
    async with page.expect_file_chooser() as chooser:
        await page.locator(".js-box-image").click()
    await (await chooser.value).set_files({"name": "lampa.gif", "mimeType": "image/gif", "buffer": _GIF})
    await page.wait_for_function("document.querySelector('textarea[name=comment]').value.includes('/media/')")
    await page.locator("input[type=submit], button[type=submit]").last.click()
    await page.get_by_text("Światło zgasło.").first.wait_for()


APP = App(
    name="spirit",
    about="a forum whose editor takes files by icons; server-rendered",
    language="Polish",
    hosts={"forum": "forum.field.test", "media": "pliki.field.test"},
    start=("forum", "/"),
    can=("login", "account-info", "submit-ticket", "upload-attachment", "download-attachment", "knowledge-base"),
    install=install,
    started=started,
    script=script,
    cases=(
        entry_broken("expired", "forum"),
        broken("media", "hostname-mismatch", download_attachment="failed"),
    ),
)
