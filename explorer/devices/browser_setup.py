"""Finds or installs a browser and certutil, and tests whether a browser responds over CDP."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from explorer.devices.data_folder import data_folder

OVERRIDE = "TRUSTWALK_BROWSER"
_NAMES = (
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "chromium",
    "chromium-browser",
    "microsoft-edge-stable",
    "microsoft-edge",
    "brave-browser",
)
_PLACES = (
    "/opt/google/chrome/chrome",
    "/usr/lib/chromium/chromium",
    "/opt/microsoft/msedge/msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)


class SetupError(Exception):
    """A requirement is missing and could not be installed. The message is a sentence that says what to do."""


def candidates(environ: Mapping[str, str] = os.environ) -> Iterator[Path]:
    """The installed browsers, most likely first, without snaps (these do not work with a private HOME)."""
    seen: set[Path] = set()
    found = (shutil.which(name, path=environ.get("PATH")) for name in _NAMES)
    for path in [Path(p) for p in found if p] + [Path(p) for p in _PLACES] + list(_playwrights(environ)):
        if path not in seen and path.is_file() and os.access(path, os.X_OK) and not _is_snap(path):
            seen.add(path)
            yield path


def _is_snap(path: Path) -> bool:
    if "/snap/" in str(path.resolve()) or str(path).startswith("/snap/"):
        return True
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return True
    return head.startswith(b"#!") and b"/snap/" in head


def _playwrights(environ: Mapping[str, str]) -> Iterator[Path]:
    base = environ.get("PLAYWRIGHT_BROWSERS_PATH") or str(Path.home() / ".cache" / "ms-playwright")
    folder = Path(base)
    for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*"):
        yield from sorted(folder.glob(pattern), reverse=True)


async def answers(path: Path, limit: float = 30.0) -> bool:
    """Whether the browser starts with a private HOME and opens its debugging port."""
    with tempfile.TemporaryDirectory(prefix="trustwalk-smoke-", ignore_cleanup_errors=True) as home:
        flags = [
            "--headless",
            "--disable-gpu",
            "--no-first-run",
            f"--user-data-dir={home}/profile",
            "--remote-debugging-port=0",
        ]
        if is_root():
            flags.append("--no-sandbox")
        try:
            process = await asyncio.create_subprocess_exec(
                path,
                *flags,
                "about:blank",
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ, "HOME": home},
            )
        except OSError:
            return False
        try:
            async with asyncio.timeout(limit):
                assert process.stderr is not None
                async for line in process.stderr:
                    if b"DevTools listening on ws://" in line:
                        return True
            return False
        except (TimeoutError, ValueError):
            return False
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


def is_root() -> bool:
    """Whether this process runs as root. Chromium does not start with its sandbox as root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


async def find_browser(environ: Mapping[str, str] = os.environ, *, smoke: bool = False) -> Path | None:
    """The browser to use, or None. The one that TRUSTWALK_BROWSER names comes first, and is never tested.

    With `smoke`, any other browser must respond over CDP.

    Raises SetupError if TRUSTWALK_BROWSER does not name a program.
    """
    named = environ.get(OVERRIDE)
    if named:
        path = Path(shutil.which(named) or named)
        if not path.is_file() or not os.access(path, os.X_OK):
            raise SetupError(f"{OVERRIDE} names «{named}», which is not a program. Correct it or unset it.")
        return path
    for path in candidates(environ):
        if not smoke or await answers(path):
            return path
    return None


async def install_browser() -> Path:
    """Install Playwright's Chromium or, as root on a system with apt-get, the system's Chromium. Returns its path.

    Raises SetupError if neither works."""
    await _run(sys.executable, "-m", "playwright", "install", "chromium")
    found = await find_browser(smoke=True)
    if found is None and is_root() and shutil.which("apt-get"):
        await _run("apt-get", "update", "-qq")
        name = "chromium"
        await _run("apt-get", "install", "-y", "-qq", "--no-install-recommends", name)
        found = await find_browser(smoke=True)
    if found is None:
        raise SetupError(
            f"No browser was found and none could be installed. Install Chrome, Chromium or Edge (not as a snap), "
            f"or set {OVERRIDE} to the path of its program."
        )
    return found


def find_certutil(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The path of NSS certutil: the one on PATH, or the one that Trustwalk has installed. None if there is none."""
    known = shutil.which("certutil", path=environ.get("PATH"))
    if known and sys.platform != "win32":
        return Path(known)
    fetched = data_folder(environ) / "nss" / "usr" / "bin" / "certutil"
    return fetched if fetched.is_file() else None


def certutil_environment(path: Path, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment variables with which a certutil that Trustwalk has installed finds its libraries."""
    if not path.is_relative_to(data_folder(environ)):
        return dict(environ)
    libraries = [str(p.parent) for p in path.parents[2].rglob("libnss3.so")] + [
        str(p.parent) for p in path.parents[2].rglob("libnspr4.so")
    ]
    known = environ.get("LD_LIBRARY_PATH")
    return {**environ, "LD_LIBRARY_PATH": ":".join([*dict.fromkeys(libraries), *([known] if known else [])])}


async def install_certutil(environ: Mapping[str, str] = os.environ) -> Path:
    """Fetch Debian's libnss3-tools, unpack it into the user's data directory, and return the path of certutil.

    Works without root. Raises SetupError if it fails."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise SetupError(
            "certutil is missing, and --ca needs it. Install NSS tools (Debian: libnss3-tools, Fedora: nss-tools, macOS: nss)."
        )
    home = data_folder(environ) / "nss"
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="trustwalk-nss-") as folder:
        packages = ["libnss3-tools", "libnss3", "libnspr4"]
        code = await _run("apt-get", "download", "-qq", *packages, cwd=folder)
        if code != 0 and is_root():
            await _run("apt-get", "update", "-qq")
            await _run("apt-get", "download", "-qq", *packages, cwd=folder)
        for package in sorted(Path(folder).glob("*.deb")):
            await _run("dpkg-deb", "-x", str(package), str(home))
    found = find_certutil(environ)
    if found is None:
        raise SetupError(
            "certutil is missing and libnss3-tools could not be fetched. Install it: apt-get install libnss3-tools."
        )
    return found


async def _run(*command: str, cwd: str | None = None) -> int:
    """Run a program with its output on stderr. Returns its exit code, or 127 if it cannot be started."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=cwd,
            stdout=sys.stderr,
            stderr=sys.stderr,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    except OSError:
        return 127
    return await process.wait()


def certificates_in(path: Path) -> list[str]:
    """The certificates of a PEM file, each as PEM. Raises SetupError if there are none."""
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise SetupError(f"{path} cannot be read ({error.strerror}); name a PEM file that you may read.") from error
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    blocks = [begin + part.split(end)[0] + end + "\n" for part in text.split(begin)[1:] if end in part]
    if not blocks:
        raise SetupError(
            f"{path} holds no certificate in PEM form. If it is in DER form, convert it: openssl x509 -inform der -in {path} -out NEW.pem"
        )
    return blocks
