"""The program's side: addresses that hold a token, and zips that want out of their folder."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from explorer.server.client import RemoteError, server_address, unpack


@pytest.mark.parametrize(
    ("text", "token", "address"),
    [
        ("http://127.0.0.1:8484/?token=abc", "", ("http://127.0.0.1:8484/", "abc")),
        ("http://127.0.0.1:8484/?token=abc", "other", ("http://127.0.0.1:8484/", "abc")),
        ("desk.example:8484", "abc", ("http://desk.example:8484/", "abc")),
        ("https://desk.example", "abc", ("https://desk.example/", "abc")),
    ],
)
def test_an_address_and_its_token(text: str, token: str, address: tuple[str, str]) -> None:
    assert server_address(text, token) == address


@pytest.mark.parametrize(
    "text",
    [
        "ftp://a/?token=secret",
        "http://?token=secret",
        "http://u:secret@a/?token=x",
        "http://a:0/?token=secret",
        "http://a/",
    ],
)
def test_what_is_no_address_is_told_without_its_secret(text: str) -> None:
    with pytest.raises(RemoteError) as caught:
        server_address(text, "")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["run/../../evil", "run//etc/evil", "run/a/../../../evil", "run/..\\evil", "run/C:evil"]
)
def test_a_zip_that_leads_elsewhere_is_not_unpacked(tmp_path: Path, name: str) -> None:
    file, out = tmp_path / "run.zip", tmp_path / "a" / "b"
    out.mkdir(parents=True)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("run/journal.jsonl", "good")
        archive.writestr(name, "evil")
    if ".." in name or "\\" in name or ":" in name:
        with pytest.raises(RemoteError, match="leaves its folder"):
            unpack(file, out)
        assert list(out.iterdir()) == []
    else:
        unpack(file, out)
    assert not (tmp_path / "evil").exists() and not Path("/etc/evil").exists()


def test_a_run_that_cannot_be_written_here_is_not_blamed_on_the_server(tmp_path: Path) -> None:
    file = tmp_path / "run.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("run/evidence/log", "text")
    (tmp_path / "evidence").write_text("a file where the run needs a folder", encoding="utf-8")
    with pytest.raises(RemoteError, match=r"^The run was fetched, but cannot be written into .* \("):
        unpack(file, tmp_path)


def test_what_is_no_zip_is_told(tmp_path: Path) -> None:
    file = tmp_path / "run.zip"
    file.write_bytes(b"<html>")
    with pytest.raises(RemoteError, match="not send a complete run"):
        unpack(file, tmp_path)
