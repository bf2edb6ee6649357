"""DokuWiki (GPL, Debian's package): a wiki in French, with a media manager. Server-rendered.

Its files (`/lib/exe/fetch.php`) have a host of their own, and so has the user's profile.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Page

from tests.field import debian
from tests.field.app import LOGIN, App, Backend, Place, broken, entry_broken

_CONF = """<?php
$conf['title'] = 'Lampes'; $conf['lang'] = 'fr'; $conf['useacl'] = 1; $conf['superuser'] = '@admin'; $conf['savedir'] = '{work}/data';
$conf['disableactions'] = 'register,resendpwd'; $conf['userewrite'] = 0; $conf['license'] = 0; $conf['baseurl'] = '{home}';
"""
_PAGES = {
    "start": "====== Bienvenue ======\n\n  * [[redemarrer|Aide : redémarrer une lampe]]\n  * {{:notice.pdf|Télécharger la notice}}\n",
    "redemarrer": "====== Redémarrer une lampe ======\n\nGardez le bouton enfoncé pendant dix secondes, puis attendez que la lumière "
    "devienne verte. Si elle reste rouge, débranchez le câble et rebranchez-le une minute plus tard.\n",
}


def install(folder: Path) -> None:
    """Put it into `folder`, once."""
    debian.unpack(folder, "mediawiki", "dokuwiki")


@contextmanager
def started(place: Place) -> Iterator[Mapping[str, Backend]]:
    root, work = place.folder / "debian", place.work / "dokuwiki"
    wiki = work / "wiki"
    shutil.copytree(root / "usr/share/dokuwiki", wiki, symlinks=False, ignore=shutil.ignore_patterns(".htaccess"))
    for file in (wiki / "vendor").rglob("*.php"):  # Debian's package loads its libraries by their absolute path
        text = file.read_text(encoding="utf-8", errors="surrogateescape")
        if "'/usr/share/php" in text:
            changed = text.replace("'/usr/share/php", f"'{root}/usr/share/php")
            file.write_text(changed, encoding="utf-8", errors="surrogateescape")
    shutil.copytree(root / "var/lib/dokuwiki/data", work / "data", ignore=shutil.ignore_patterns(".htaccess"))
    for name in ("pages", "media", "cache", "tmp", "index", "locks", "meta", "attic", "media_attic", "media_meta"):
        (work / "data" / name).mkdir(exist_ok=True)
    conf = wiki / "conf"
    shutil.copytree(root / "etc/dokuwiki", conf, ignore=shutil.ignore_patterns("*.auth.php", ".htaccess"))
    (conf / "local.php").write_text(_CONF.format(work=work, home=place.url["wiki"]), encoding="utf-8")
    (conf / "acl.auth.php").write_text("*\t@ALL\t1\n*\t@user\t8\n", encoding="utf-8")
    password = hashlib.sha1(LOGIN[1].encode()).hexdigest()
    (conf / "users.auth.php").write_text(f"{LOGIN[0]}:{password}:Anne Champ:ann@field.test:user\n", encoding="utf-8")
    for title, text in _PAGES.items():
        (work / f"data/pages/{title}.txt").write_text(text, encoding="utf-8")
    (work / "data/media/notice.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    env = {"DOKUWIKI": str(wiki)}
    (wiki / "inc/preload.php").write_text(
        f"<?php define('DOKU_CONF', '{conf}/'); define('DOKU_LOCAL', '{conf}/');\n", encoding="utf-8"
    )
    router = work / "router.php"
    router.write_text(
        "<?php if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) === '/') { require getenv('DOKUWIKI') . '/doku.php'; return true; } return false;\n",
        encoding="utf-8",
    )
    with debian.served(root, wiki, router, place.work / "dokuwiki.log", env, "/doku.php") as port:
        moves = {"/lib/exe/fetch.php": "files"}
        yield {name: Backend(port, moves) for name in place.url}


async def script(page: Page, url: Mapping[str, str]) -> None:
    await page.goto(url["wiki"])
    await page.get_by_role("link", name="S'identifier").first.click()
    await page.locator("input[name=u]").fill(LOGIN[0])
    await page.locator("input[name=p]").last.fill(LOGIN[1])
    await page.get_by_role("button", name="S'identifier").click()
    await page.get_by_role("link", name="Se déconnecter").first.wait_for()
    await page.get_by_role("link", name="Mettre à jour le profil").first.click()
    await page.locator("input[name=email]").wait_for()
    await page.goto(url["wiki"])
    await page.get_by_role("link", name="Aide : redémarrer une lampe").click()
    await page.get_by_text("Gardez le bouton").wait_for()
    await page.get_by_role("link", name="Gestionnaire Multimédia").first.click()
    await page.get_by_role("link", name="Envoyer").first.click()
    await page.locator("#mediamanager__uploader input[type=file]").set_input_files(
        {"name": "lumiere.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    await page.get_by_role("button", name="Téléverser").click()
    await page.get_by_text("lumiere.pdf").first.wait_for()
    await page.goto(url["wiki"])
    link = page.get_by_role("link", name="Télécharger la notice")
    async with page.expect_response(lambda answer: "fetch.php" in answer.url) as fetched:
        await link.click()
    assert (await fetched.value).ok


APP = App(
    name="dokuwiki",
    about="a wiki with a media manager; server-rendered",
    language="French",
    hosts={"wiki": "wiki.field.test", "files": "fichiers.field.test"},
    start=("wiki", "/"),
    can=("login", "account-info", "upload-attachment", "download-attachment", "knowledge-base"),
    install=install,
    started=started,
    script=script,
    cases=(
        entry_broken("self-signed", "wiki"),
        broken("files", "expired", download_attachment="failed"),
    ),
)
