"""`trustwalk run --server`: the exploring happens there, the verdict, the files and the exit code are as at home."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from explorer.cli import main
from explorer.lab.demo.app import DemoApp
from tests.explorer.cli.child import trustwalk
from tests.explorer.server.conftest import Server, with_an_expired_chat

TOKEN = "a-token-that-ci-knows-as-well"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoApp]:
    yield from with_an_expired_chat(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def there(demo: DemoApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that knows the demo's hosts and its root, which this end does not."""
    resolve = [f"{host}:{port}:{address}" for host, port, address in demo.resolve]
    options = ("--ca", str(demo.ca), *(word for text in resolve for word in ("--resolve", text)))
    server = Server(tmp_path_factory.mktemp("there") / "runs", options, {"TRUSTWALK_TOKEN": TOKEN}).start()
    assert server.token == TOKEN
    yield server
    server.end(signal.SIGTERM)


def words(there: Server, *more: str) -> list[str]:
    return ["run", "--server", there.base, "--private", "--test-system", "--persona", "impatient", *more]


async def test_a_run_there_is_told_here(
    there: Server, demo: DemoApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTWALK_TOKEN", TOKEN)
    out = tmp_path / "out"
    typed = words(
        there, demo.url, "--journey", "start-chat", "--steps", "12", "--format", "json,junit", "--out", str(out)
    )
    async with trustwalk(typed, out) as child:
        code, said, progress = await child.ended()
    assert code == 1, progress
    assert "expired" in said and "Exploring" in progress and f"{there.base}runs/" in progress
    assert TOKEN not in said + progress
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert [(j["journey"], j["cause"]) for j in report["journeys"]] == [("start-chat", "expired")]
    assert (out / "junit.xml").is_file() and (out / "journal.jsonl").is_file() and any((out / "screens").iterdir())
    typed = [
        *words(there, demo.url, "--journey", "start-chat", "--steps", "12"),
        "--baseline",
        str(out),
        "--out",
        "-",
        "--format",
        "json",
    ]
    async with trustwalk(typed, tmp_path / "again") as child:
        code, said, progress = await child.ended()
    assert (code, json.loads(said)["run"]["target"]) == (0, demo.url), progress  # it failed of that before


async def test_an_interrupt_here_stops_the_run_there_and_fetches_what_it_saw(
    there: Server, demo: DemoApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRUSTWALK_TOKEN", TOKEN)
    out = tmp_path / "out"
    before = set(there.runs.iterdir())
    async with trustwalk(words(there, demo.url, "--persona", "curious", "--out", str(out)), out) as child:
        assert child.process.stderr is not None
        while b"starts" not in (line := await child.process.stderr.readline()):
            assert line, "it ended too early"
        os.killpg(child.process.pid, signal.SIGINT)
        code, _, progress = await child.ended()
    assert code == 130, progress
    (run,) = set(there.runs.iterdir()) - before
    assert b'"complete":false' in (run / "journal.jsonl").read_bytes()
    assert (out / "report.html").is_file()


def refused(there: str, *more: str, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        main, ["run", "--server", there, *more], env={"COLUMNS": "500", **environment}, prog_name="trustwalk"
    )
    return result.exit_code, result.stderr


@pytest.mark.parametrize(
    ("more", "code", "said"),
    [
        (("https://127.0.0.1/",), 3, "--private"),
        (("https://desk.test/", "--private", "--persona", "nobody"), 3, "curious"),
        (("https://desk.test/", "--private", "--device", "toaster"), 3, "desktop"),
        (("https://desk.test/", "--headed"), 2, "--headed"),
        (("https://desk.test/", "--evidence", "none"), 2, "--evidence"),
        (("https://desk.test/", "--no-proxy"), 2, "--proxy"),
        (("https://desk.test/", "--resolve", "a:1:127.0.0.1"), 2, "the exploration then runs on the server"),
        (("no url",), 2, "not a web address"),
    ],
)
def test_what_the_server_does_not_take_is_one_sentence(
    there: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ended, told = refused(there.base, *more, TRUSTWALK_TOKEN=TOKEN)
    assert (ended, said in told) == (code, True), told
    assert not [p for p in tmp_path.rglob("*") if p.is_file() or p.parent != tmp_path]


def test_a_wrong_token_and_a_silent_server_are_told_without_the_token(
    there: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, told = refused(there.base, "https://desk.test/")
    assert code == 3 and "TRUSTWALK_TOKEN" in told
    code, told = refused(f"{there.base}?token=wrong-secret", "https://desk.test/")
    assert code == 3 and "requires its token" in told and "wrong-secret" not in told and "Warning" in told
    code, told = refused("http://127.0.0.1:1/", "https://desk.test/", TRUSTWALK_TOKEN=TOKEN)
    assert code == 3 and "No server responds" in told and TOKEN not in told


def test_a_package_goes_up_before_it_is_explored(
    there: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.apk").write_text("no app", encoding="utf-8")
    code, told = refused(there.base, "notes.apk", TRUSTWALK_TOKEN=TOKEN)
    assert code == 3 and "not an Android package" in told
    apk = Path(__file__).parents[3] / "apk/careless.apk"
    code, told = refused(there.base, str(apk), "--device", "desktop", TRUSTWALK_TOKEN=TOKEN)
    assert code == 3 and "Careless 2.0-beta" in told and "«desktop» is a browser" in told
