"""MediaWiki (GPL, Debian's package): a wiki in German, with uploads. Server-rendered, menus at the side and on top.

Its files have a host of their own, and so has its login.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Page

from tests.field import debian
from tests.field.app import App, Backend, Place, broken, entry_broken

_LOGIN = ("Ann", "walk-the-desk")
_SETTINGS = """
$wgServer = "{home}"; $wgEnableUploads = true; $wgUploadPath = "/images"; $wgUploadDirectory = "{work}/images";
$wgFileExtensions = ["png", "txt", "pdf", "jpg"]; $wgLanguageCode = "de"; $wgUseImageMagick = false;
$wgCacheDirectory = "{work}"; $wgMainCacheType = CACHE_ACCEL; $wgJobRunRate = 0; $wgEnableEmail = false; $wgVerifyMimeType = false;
wfLoadSkin("Vector"); $wgDefaultSkin = "vector"; $wgUsePathInfo = false; $wgArticlePath = "/index.php?title=$1";
$wgPasswordAttemptThrottle = false;
"""
_ROUTER = """<?php
$path = parse_url($_SERVER["REQUEST_URI"], PHP_URL_PATH);
if (strpos($path, "/images/") === 0 && is_file(getenv("WIKI_WORK") . $path)) {
  header("Content-Type: " . (substr($path, -4) === ".png" ? "image/png" : "text/plain"));
  if (substr($path, -4) !== ".png") header("Content-Disposition: attachment");
  readfile(getenv("WIKI_WORK") . $path); return true;
}
if ($path === "/") { header("Location: /index.php?title=Hauptseite"); return true; }
return false;
"""
_PAGES = {  # in this order, or the start page links to a page that is not there yet
    "Hilfe:Lampe neu starten": "Halten Sie die Taste zehn Sekunden lang gedrückt und warten Sie, bis das Licht grün wird. "
    "Bleibt es rot, ziehen Sie das Kabel ab und stecken es nach einer Minute wieder ein. Das hilft in neun von zehn Fällen.",
    "Hauptseite": "Willkommen bei den Lampenfreunden.\n\n* [[Hilfe:Lampe neu starten|Hilfe: Lampe neu starten]]\n* [[:Datei:Anleitung.txt|Anleitung zum Herunterladen]]\n",
}


def install(folder: Path) -> None:
    """Put it into `folder`, once."""
    debian.unpack(folder, "mediawiki", "dokuwiki")


@contextmanager
def started(place: Place) -> Iterator[Mapping[str, Backend]]:
    root, work = place.folder / "debian", place.work / "mediawiki"
    wiki, settings = root / "usr/share/mediawiki", work / "LocalSettings.php"
    (work / "images").mkdir(parents=True)
    (work / "router.php").write_text(_ROUTER, encoding="utf-8")
    command, env = debian.php(root)

    def call(script: str, *args: str | Path, text: str = "", **more: str) -> None:
        line = [*command, wiki / "maintenance" / script, *args]
        subprocess.run(line, check=True, capture_output=True, input=text.encode(), env={**env, **more})

    options = [
        "--dbtype=sqlite",
        f"--dbpath={work}",
        "--dbname=wiki",
        "--lang=de",
        f"--pass={_LOGIN[1]}",
        "--scriptpath=",
    ]
    call("install.php", *options, f"--confpath={work}", f"--server={place.url['wiki']}", "Lampenfreunde", _LOGIN[0])
    more = _SETTINGS.format(home=place.url["wiki"], work=work)
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    env |= {"MW_CONFIG_FILE": str(settings), "WIKI_WORK": str(work)}
    for title, text in _PAGES.items():
        call("edit.php", "-u", _LOGIN[0], title, text=text)
    (work / "neu").mkdir()
    (work / "neu/Anleitung.txt").write_text("Taste halten.\n", encoding="utf-8")
    call("importImages.php", work / "neu", "--extensions=txt", f"--user={_LOGIN[0]}")
    shutil.rmtree(work / "neu")
    with debian.served(root, wiki, work / "router.php", place.work / "mediawiki.log", env) as port:
        moves = {"/images/": "files", r"/index\.php\?title=Spezial:Anmelden": "login"}
        yield {name: Backend(port, moves) for name in place.url}


async def script(page: Page, url: Mapping[str, str]) -> None:
    await page.goto(url["wiki"])
    await page.locator("#pt-login a").click()
    await page.locator("#wpName1").fill(_LOGIN[0])
    await page.locator("#wpPassword1").fill(_LOGIN[1])
    await page.locator("#wpLoginAttempt").click()
    await page.locator("#pt-logout").wait_for()
    await page.locator("#pt-preferences a").click()
    await page.locator("#mw-input-wprealname, #mw-htmlform-info").first.wait_for()
    await page.locator("#t-upload a").click()
    await page.locator("#wpUploadFile").set_input_files(
        {"name": "licht.txt", "mimeType": "text/plain", "buffer": b"Es ist rot."}
    )
    await page.locator("input[name=wpUpload]").click()
    await page.get_by_role("heading", name="Licht.txt").wait_for()
    await page.locator("#p-logo a").click()
    await page.get_by_role("link", name="Hilfe: Lampe neu starten").click()
    await page.get_by_text("Halten Sie die Taste").wait_for()
    await page.locator("#p-logo a").click()
    await page.get_by_role("link", name="Anleitung zum Herunterladen").click()
    async with page.expect_download() as download:
        await page.locator(".fullMedia a").click()
    await (await download.value).path()


APP = App(
    name="mediawiki",
    about="a wiki with uploads; server-rendered",
    language="German",
    hosts={"wiki": "wiki.field.test", "files": "dateien.field.test", "login": "konto.field.test"},
    start=("wiki", "/"),
    can=("login", "account-info", "upload-attachment", "download-attachment", "knowledge-base"),
    install=install,
    started=started,
    script=script,
    cases=(
        entry_broken("expired", "wiki"),
        broken("files", "incomplete-chain", download_attachment="failed"),
        broken("login", "self-signed", login="failed", account_info="blocked", upload_attachment="blocked"),
    ),
    login=_LOGIN,
)
