"""Nothing is explored that the person did not mean."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from explorer.run.android import ATTACHED, ATTACHED_ROW
from explorer.server.settings import Settings
from explorer.server.uploads import AppFacts
from explorer.server.wish import Login, Wish, WishError, android_rows, checked, options_of


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        tmp_path, resolve=((("inside.example", 443), "10.1.2.3"), (("outside.example", 443), "93.184.216.34"))
    )


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:8080/", "localhost", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://0x7f.1/",
        "http://0/", "http://10.0.0.1/", "http://192.168.1.1", "http://169.254.169.254/latest/meta-data", "http://[fe80::1]/",
        "http://[fc00::1]/", "http://100.64.0.1/", "https://inside.example/",
    ],
)  # fmt: skip
async def test_this_machine_and_private_networks_need_the_person_s_own_tick(settings: Settings, target: str) -> None:
    target = target if "//" in target else f"https://{target}/"
    with pytest.raises(WishError, match="Tick") as caught:
        await checked(Wish(target=target), settings)
    assert caught.value.field == "private"
    assert (await checked(Wish(target=target, private=True), settings)).private


async def test_public_addresses_need_none(settings: Settings) -> None:
    assert (await checked(Wish(target="  outside.example/help "), settings)).target == "https://outside.example/help"
    assert (await checked(Wish(target="https://93.184.216.34/"), settings)).target == "https://93.184.216.34/"


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
    with pytest.raises(WishError, match="web address"):
        await checked(Wish(target=target + "\x01" if target.endswith("\n") else target, private=True), settings)


async def test_an_address_carries_no_password(settings: Settings) -> None:
    with pytest.raises(WishError, match="login"):
        await checked(Wish(target="https://me:secret@outside.example/"), settings)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(target="https://outside.example/", personas=("nobody",)), "personas"),
        (Wish(target="https://outside.example/", journeys=("../x",)), "journeys"),
        (Wish(target="https://outside.example/", devices=("toaster",)), "devices"),
        (Wish(target="https://outside.example/", devices=("emulator",)), "devices"),
        (Wish(target="https://outside.example/", devices=("desktop", "android")), "devices"),
        (Wish(target="https://outside.example/", app="0" * 64), "target"),
        (Wish(app="0" * 64), "app"),
    ],
)
async def test_unknown_names_are_told_with_the_known_ones(settings: Settings, wish: Wish, field: str) -> None:
    with pytest.raises(WishError) as caught:
        await checked(wish, settings)
    assert caught.value.field == field


async def test_a_login_is_handed_on_and_never_written(settings: Settings) -> None:
    login = Login.model_validate({"user": "mia", "password": "hush-hush"})
    wish = await checked(Wish(target="https://outside.example/", login=login), settings)
    assert options_of(wish, settings).login == ("mia", "hush-hush")
    written = wish.model_dump_json()
    assert "hush" not in written and "mia" not in written and wish.with_login
    assert "hush" not in repr(wish)


async def test_an_app_goes_to_android_devices_only(settings: Settings) -> None:
    read = AppFacts("a" * 64, 1, "test.app", "App", "1", 26, 29, (), (), ())
    settings.uploads.mkdir(parents=True)
    (settings.uploads / read.sha256).write_bytes(b"PK")
    (settings.uploads / f"{read.sha256}.json").write_bytes(TypeAdapter(AppFacts).dump_json(read))
    wish = await checked(Wish(app=read.sha256), settings)
    assert (wish.target, wish.devices) == ("test.app", (ATTACHED,))
    assert android_rows(wish, settings) == {ATTACHED: ATTACHED_ROW}
    emulator = await checked(Wish(app=read.sha256, devices=("emulator",)), settings)
    assert android_rows(emulator, settings)["emulator"].avd
    with pytest.raises(WishError, match="is a browser"):
        await checked(Wish(app=read.sha256, devices=("desktop",)), settings)


@pytest.mark.parametrize("app", ["x", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65])
def test_a_package_is_named_by_its_hash_only(app: str) -> None:
    with pytest.raises(ValidationError):
        Wish(app=app)
