"""Nothing is explored that the person did not mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from explorer.devices.devices import ATTACHED, ATTACHED_ROW
from explorer.request.credential import Login
from explorer.request.errors import RequestError
from explorer.request.remote import stored
from explorer.request.request import RunRequest
from explorer.server.checking import android_rows, checked, options_of
from explorer.server.settings import Settings
from explorer.server.uploads import AppFacts


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        tmp_path, resolve=((("inside.example", 443), "10.1.2.3"), (("outside.example", 443), "93.184.216.34"))
    )


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:8080/",
        "localhost",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0/",
        "http://10.0.0.1/",
        "http://192.168.1.1",
        "http://169.254.169.254/latest/meta-data",
        "http://[fe80::1]/",
        "http://[fc00::1]/",
        "http://100.64.0.1/",
        "https://inside.example/",
        "http://localhost.:9999/",
        "http://foo.localhost:9999/",
        "http://FOO.localhost.:9999/",
    ],
)
async def test_this_machine_and_private_networks_need_the_person_s_own_tick(settings: Settings, target: str) -> None:
    target = target if "//" in target else f"https://{target}/"
    with pytest.raises(RequestError, match="Tick") as caught:
        await checked(RunRequest(target=target), settings)
    assert caught.value.field == "private"
    assert (await checked(RunRequest(target=target, private=True), settings)).private


async def test_public_addresses_need_another_one(settings: Settings) -> None:
    for target, read in (
        ("  outside.example/help ", "https://outside.example/help"),
        ("https://93.184.216.34/", "https://93.184.216.34/"),
    ):
        with pytest.raises(RequestError, match="is a public site") as caught:
            await checked(RunRequest(target=target), settings)
        assert caught.value.field == "yes"
        assert (await checked(RunRequest(target=target, yes=True), settings)).target == read
        assert (await checked(RunRequest(target=target, test_system=True), settings)).target == read


async def test_a_place_that_the_owner_gives_to_any_host_of_a_port_counts(tmp_path: Path) -> None:
    settings = Settings(tmp_path, resolve=((("*", 443), "10.1.2.3"),))
    with pytest.raises(RequestError, match=r"nobody.invalid is on this machine or on a private network \(10.1.2.3\)"):
        await checked(RunRequest(target="https://nobody.invalid/"), settings)


async def test_a_name_that_does_not_resolve_is_not_taken_for_a_public_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.server.checking.LOOKUP", 0.5)
    with pytest.raises(RequestError, match="does not resolve") as caught:
        await checked(RunRequest(target="https://nobody.invalid/"), settings)
    assert caught.value.field == "private"
    assert (await checked(RunRequest(target="https://nobody.invalid/", private=True), settings)).private


@pytest.mark.parametrize(
    "target",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "chrome://version",
        "https://",
        "https://a b/",
        "https://a:0/",
        "https://[/",
        "https://a/\n",
        "ftp://a.example/",
    ],
)
async def test_what_is_no_web_address_is_told(settings: Settings, target: str) -> None:
    with pytest.raises(RequestError, match="web address"):
        await checked(RunRequest(target=target + "\x01" if target.endswith("\n") else target, private=True), settings)


async def test_an_address_carries_no_password(settings: Settings) -> None:
    with pytest.raises(RequestError, match="login"):
        await checked(RunRequest(target="https://me:secret@outside.example/"), settings)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (RunRequest(target="https://outside.example/", personas=("nobody",)), "personas"),
        (RunRequest(target="https://outside.example/", journeys=("../x",)), "journeys"),
        (RunRequest(target="https://outside.example/", devices=("toaster",)), "devices"),
        (RunRequest(target="https://outside.example/", devices=("emulator",)), "devices"),
        (RunRequest(target="https://outside.example/", devices=("desktop", "android")), "devices"),
        (RunRequest(target="https://outside.example/", app="0" * 64), "target"),
        (RunRequest(app="0" * 64), "app"),
    ],
)
async def test_unknown_names_are_told_with_the_known_ones(settings: Settings, asked: RunRequest, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        await checked(asked, settings)
    assert caught.value.field == field


async def test_a_login_is_handed_on_and_never_written(settings: Settings) -> None:
    asked = await checked(
        RunRequest(target="https://outside.example/", login=Login.of("mia", "hush-hush"), yes=True), settings
    )
    known = options_of(asked, settings).login
    assert known is not None and known.reveal() == ("mia", "hush-hush")
    written = stored(asked)
    assert "hush" not in written and "mia" not in written and '"with_login": true' in written
    assert "hush" not in repr(asked)


async def test_what_the_servers_owner_decides_is_not_the_clients(settings: Settings, tmp_path: Path) -> None:
    asked = RunRequest(
        target="https://outside.example/", yes=True, ca=(tmp_path / "mine.pem",), devices_file=tmp_path / "mine.yml"
    )
    options = options_of(await checked(asked, settings), settings)
    assert (options.ca, options.devices_file, options.resolve) == ((), None, settings.resolve)


async def test_an_app_goes_to_android_devices_only(settings: Settings) -> None:
    read = AppFacts("a" * 64, 1, "test.app", "App", "1", 26, 29, (), (), ())
    settings.uploads.mkdir(parents=True)
    (settings.uploads / read.sha256).write_bytes(b"PK")
    (settings.uploads / f"{read.sha256}.json").write_bytes(TypeAdapter(AppFacts).dump_json(read))
    asked = await checked(RunRequest(app=read.sha256), settings)
    assert (asked.target, asked.devices) == ("test.app", (ATTACHED,))
    assert android_rows(asked, settings) == {ATTACHED: ATTACHED_ROW}
    emulator = await checked(RunRequest(app=read.sha256, devices=("emulator",)), settings)
    assert android_rows(emulator, settings)["emulator"].avd
    with pytest.raises(RequestError, match="is a browser"):
        await checked(RunRequest(app=read.sha256, devices=("desktop",)), settings)


@pytest.mark.parametrize("app", ["x", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65])
def test_a_package_is_named_by_its_hash_only(app: str) -> None:
    with pytest.raises(ValidationError):
        RunRequest(app=app)
