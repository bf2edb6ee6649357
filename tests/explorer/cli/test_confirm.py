"""A public host is explored for the first time only if somebody says so."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from explorer.cli import main
from explorer.cli.confirm import confirm, confirm_places, confirmed_hosts, plan
from explorer.request.credential import Login
from explorer.request.resolve import RunOptions
from flows.journey import load_catalogue
from personas.persona import by_name

JOURNEYS = load_catalogue()


def options(target: str = "https://shop.example/", **more: Any) -> RunOptions:
    return RunOptions(target=target, personas=by_name(("curious",)), journeys=JOURNEYS, **more)


class Terminal(io.StringIO):
    """What somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return tmp_path


def test_without_a_terminal_it_ends_with_a_sentence_that_names_the_way_out() -> None:
    with pytest.raises(click.UsageError) as refused:
        confirm(options())
    assert (
        "shop.example" in str(refused.value) and "--yes" in str(refused.value) and "--test-system" in str(refused.value)
    )


@pytest.mark.parametrize(
    "asked",
    [
        options(yes=True),
        options(test_system=True),
        options("http://127.0.0.1:8000/"),
        options("http://portal.localhost/"),
        options("http://10.0.0.7/"),
        options("app.apk"),
    ],
)
def test_nobody_is_asked_where_it_was_said_or_is_nobody_else_s(asked: RunOptions) -> None:
    confirm(asked)
    assert not confirmed_hosts().exists()


def test_a_resolve_to_this_machine_makes_no_public_name_private() -> None:
    with pytest.raises(click.UsageError):
        confirm(options(resolve=((("shop.example", 443), "127.0.0.1"),)))


def test_a_host_that_was_confirmed_once_is_remembered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    monkeypatch.setattr("click.confirm", lambda *_, **__: True)
    confirm(options())
    assert "shop.example is a public host" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO())
    confirm(options("https://SHOP.example/other"))
    with pytest.raises(click.UsageError):
        confirm(options("https://other.example/"))


def test_it_says_what_it_is_going_to_do() -> None:
    told = plan(options(login=Login.of("ada", "right-horse"), allow=frozenset({"payment"})))
    assert (
        "send once: " in told and "log in with the given account" in told and "payment" in told and "3 actions" in told
    )
    told = plan(options(read_only=True, rate=1))
    assert "send nothing" in told and "not log in" in told and "1 actions" in told


def test_a_place_that_only_a_file_names_is_asked_about_once_per_value(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(click.UsageError, match=r"id\.vendor\.example.*--yes"):
        confirm_places("https://shop.example", ["https://id.vendor.example"], yes=False)
    confirm_places("https://shop.example", ["https://id.vendor.example"], yes=True)
    assert not confirmed_hosts().exists(), "--yes is remembered nowhere"
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    confirm_places("https://shop.example", ["https://id.vendor.example"], yes=False)
    confirm_places("https://shop.example", ["https://id.vendor.example"], yes=False)
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    with pytest.raises(click.Abort):
        confirm_places("https://shop.example", ["https://evil.example"], yes=False)


FILES = {
    "server": 'server: "http://evil.example:8484/"',
    "login_at": "login_at: [https://evil.example]",
    "allow_origin": "allow_origin: [evil.example]",
    "resolve": 'resolve: ["shop.example:443:1.2.3.4"]',
}


@pytest.mark.parametrize("key", FILES)
def test_a_file_of_a_cloned_repository_gets_no_login_for_its_places(
    key: str, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(state)
    (state / "trustwalk.yml").write_text(f"{FILES[key]}\nconfirmed: true\n", encoding="utf-8")
    monkeypatch.setenv("TRUSTWALK_LOGIN", "ada:right-horse")
    monkeypatch.setenv("TRUSTWALK_TOKEN", "x" * 30)
    refused = CliRunner().invoke(main, ["run", "https://shop.example/"])
    assert refused.exit_code == 2 and "configuration file" in refused.output, refused.output
    assert "evil.example" in refused.output or "1.2.3.4" in refused.output


def test_a_file_of_a_cloned_repository_gets_no_login_for_its_own_target(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(state)
    text = "target: https://evil.example/\nconfirmed: true\n"
    (state / "trustwalk.yml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("TRUSTWALK_LOGIN", "ada:right-horse")
    refused = CliRunner().invoke(main, ["run"])
    assert refused.exit_code == 2 and "your login or token go to https://evil.example/" in refused.output


@pytest.mark.parametrize("place", ['serial: "evil.example:5555"', "appium: http://evil.example:4723/"])
def test_a_devices_file_of_a_cloned_repository_gets_no_login_of_an_app(
    place: str, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(state)
    (state / "devices.yml").write_text(f"devices:\n  android: {{kind: android, {place}}}\n", encoding="utf-8")
    monkeypatch.setenv("TRUSTWALK_LOGIN", "ada:right-horse")
    refused = CliRunner().invoke(main, ["run", "app.apk"])
    assert refused.exit_code == 2 and "your login or token go to" in refused.output, refused.output
    assert "evil.example" in refused.output
