"""Debian's packages, unpacked into the fleet's folder: nothing is installed, and no root is needed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.field.processes import KEPT_IN, free_port, running

_PHP = ("php-cli", "php-sqlite3", "php-mbstring", "php-xml", "php-intl")
_EXTENSIONS = (
    "ctype", "dom", "fileinfo", "iconv", "intl", "mbstring", "pdo", "pdo_sqlite", "posix", "simplexml", "sqlite3",
    "tokenizer", "xml", "xmlreader", "xmlwriter",
)  # fmt: skip


def unpack(folder: Path, *packages: str) -> Path:
    """Fetch packages with PHP and what of their dependencies this machine lacks, and unpack them, once; gives the root.

    Raises CalledProcessError if one cannot be had."""
    root, done = folder / "debian", folder / f"debian-{'-'.join(packages)}.done"
    if done.exists():
        return root
    archives = folder / "archives"
    (archives / "partial").mkdir(parents=True, exist_ok=True)
    apt = ["apt-get", "install", "--yes", "--no-install-recommends", "--download-only", "-qq"]
    apt += ["-o", f"Dir::Cache::archives={archives}", "-o", "Debug::NoLocking=1"]
    subprocess.run([*apt, *_PHP, *packages], check=True, stdout=subprocess.DEVNULL)
    root.mkdir(exist_ok=True)
    for archive in sorted(archives.glob("*.deb")):
        if not archive.name.startswith(("apache2", "libapache2")):
            # Two packages may ship the same link; the first is as good.
            subprocess.run(["dpkg-deb", "-x", archive, root], check=False, stderr=subprocess.DEVNULL)
    for link in root.rglob("*"):
        if link.is_symlink() and link.readlink().is_absolute():
            there = root / link.readlink().relative_to("/")
            link.unlink()
            link.symlink_to(there)
    done.touch()
    return root


def php(root: Path) -> tuple[list[str | Path], dict[str, str]]:
    """The command of the unpacked PHP, and the environment that it needs."""
    modules = next((root / "usr/lib/php").glob("2*"))
    command: list[str | Path] = [root / "usr/bin/php8.2", "-n", "-d", f"extension_dir={modules}"]
    for name in _EXTENSIONS:
        command += ["-d", f"extension={name}.so"]
    command += ["-d", "upload_max_filesize=8M", "-d", "date.timezone=UTC", "-d", "display_errors=0"]
    libraries = f"{root}/usr/lib/x86_64-linux-gnu:{root}/lib/x86_64-linux-gnu"
    return command, {**os.environ, **KEPT_IN, "LD_LIBRARY_PATH": libraries, "PHP_CLI_SERVER_WORKERS": "4"}


@contextmanager
def served(
    root: Path, docroot: Path, router: Path, log: Path, env: Mapping[str, str], start: str = "/"
) -> Iterator[int]:
    """PHP's own web server on a folder; gives its port."""
    command, own = php(root)
    port = free_port()
    serving = [*command, "-S", f"127.0.0.1:{port}", "-t", docroot, router]
    with running(serving, f"http://127.0.0.1:{port}{start}", log, env={**own, **env}):
        yield port
