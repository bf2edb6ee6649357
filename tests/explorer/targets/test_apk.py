"""Intake of real APKs and of bundles made from them."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from explorer.targets.apk.axml import BOOLEAN, STRING, Node, Value
from explorer.targets.apk.findings import findings
from explorer.targets.apk.network import read_policy
from explorer.targets.apk.package import App, check_device, parts_for, read_app
from explorer.targets.error import TargetError
from flows.incident import Severity

ROOT = Path(__file__).parents[3]
SUPPORT = ROOT / "explorer/lab/android/supportdesk.apk"
CARELESS = ROOT / "tests/apk/careless.apk"


@pytest.fixture
def careless(tmp_path: Path) -> App:
    return read_app(CARELESS, tmp_path)


def with_file(source: Path, target: Path, name: str, data: bytes = b"x") -> Path:
    """A copy of a package with one more file inside, its signature files kept."""
    target.write_bytes(source.read_bytes())
    with zipfile.ZipFile(target, "a") as apk:
        apk.writestr(name, data)
    return target


def test_a_package_tells_what_it_is(tmp_path: Path) -> None:
    app = read_app(SUPPORT, tmp_path)
    assert (app.package, app.activity) == ("test.desk.support", "test.desk.support.MainActivity")
    assert (app.label, app.version_name, app.version_code) == ("Desk Support", "1.2.3", 7)
    assert (app.min_sdk, app.target_sdk) == (26, 29)
    assert "android.permission.INTERNET" in app.permissions
    assert app.signatures == ("v1", "v2", "v3")
    assert [part.path for part in app.parts] == [SUPPORT]
    assert not app.weaknesses and not app.debuggable
    assert not list(tmp_path.iterdir())


def test_a_launcher_alias_and_a_version_from_the_resources_are_followed(careless: App) -> None:
    assert careless.activity == "test.careless.Start"
    assert careless.version_name == "2.0-beta"
    assert careless.debuggable and careless.test_only


def test_the_network_configuration_is_read_with_nested_domains_and_pins(careless: App) -> None:
    policy = careless.network
    assert policy.declared and policy.user_cas and policy.debug_user_cas
    assert policy.cleartext  # its base says nothing, and the default up to SDK 27 is yes
    outer, inner = policy.pins
    assert outer.domains == ("*.pinned.careless.test",)
    assert outer.expires == date(2027, 1, 1) and len(outer.digests) == 2
    assert inner.domains == ("deep.pinned.careless.test",) and inner.expires is None


def test_hosts_come_from_code_and_resources_but_not_from_format_names(careless: App) -> None:
    assert set(careless.hosts) == {"help.careless.test", "legacy.careless.test", "api.careless.test"}
    assert "https://api.careless.test:8443/v1/tickets" in careless.urls


def test_hosts_come_from_the_script_of_a_hybrid_app_too(tmp_path: Path) -> None:
    hybrid = with_file(SUPPORT, tmp_path / "h.apk", "assets/www/app.js", b'fetch("https://hybrid.desk.test/x")')
    assert "hybrid.desk.test" in read_app(hybrid, tmp_path).hosts


def test_only_code_that_weakens_trust_is_named(careless: App) -> None:
    assert {(w.kind, w.place, w.certain) for w in careless.weaknesses} == {
        ("trust-all-manager", "test.careless.TrustEverything.checkServerTrusted", True),
        ("accept-all-verifier", "test.careless.AnyName.verify", True),
        ("ssl-error-ignored", "test.careless.Pages.onReceivedSslError", True),
        ("ssl-error-ignored", "test.careless.AskingPages.onReceivedSslError", False),
    }


def test_findings_start_with_the_worst_and_know_when_pins_lapse(careless: App) -> None:
    early = findings(careless, date(2026, 1, 1))
    assert [f.severity for f in early[:3]] == [Severity.HIGH] * 3
    assert {"single-pin", "cleartext-allowed", "weakens-trust"} == {f.kind for f in early}
    assert "pin-expiring" in {f.kind for f in findings(careless, date(2026, 12, 1))}
    assert "pin-expired" in {f.kind for f in findings(careless, date(2027, 1, 1))}


def test_a_clean_package_has_no_findings(tmp_path: Path) -> None:
    assert findings(read_app(SUPPORT, tmp_path), date(2026, 1, 1)) == ()


@pytest.mark.parametrize("suffix", ["apks", "xapk", "apkm"])
def test_a_bundle_is_unpacked_into_its_own_folder(tmp_path: Path, suffix: str) -> None:
    bundle = tmp_path / f"desk.{suffix}"
    with zipfile.ZipFile(bundle, "w") as out:
        out.writestr("manifest.json", "{}")
        out.write(SUPPORT, "splits/base-master.apk")
        out.write(SUPPORT, "splits/base-master_2.apk")
        out.write(SUPPORT, "standalones/standalone-mdpi.apk")
    app = read_app(bundle, tmp_path / "work")
    (part,) = app.parts
    assert app.source == bundle and app.package == "test.desk.support"
    assert part.path.parent.parent == tmp_path / "work" and part.path.read_bytes() == SUPPORT.read_bytes()


def test_a_device_gets_the_splits_for_its_best_abi(tmp_path: Path) -> None:
    from dataclasses import replace

    from explorer.targets.apk.package import Part

    parts = (
        Part(Path("base.apk")),
        Part(Path("de.apk"), "config.de"),
        Part(Path("arm.apk"), "config.arm64_v8a", ("arm64-v8a",)),
        Part(Path("x86.apk"), "config.x86_64", ("x86_64",)),
    )
    app = replace(read_app(SUPPORT, tmp_path), parts=parts, abis=("arm64-v8a", "x86_64"))
    assert [p.name for p in parts_for(app, ("x86_64", "arm64-v8a"))] == ["base.apk", "de.apk", "x86.apk"]


def test_a_device_that_cannot_run_the_app_is_refused_with_the_reason(tmp_path: Path) -> None:
    native = read_app(with_file(SUPPORT, tmp_path / "n.apk", "lib/arm64-v8a/libx.so"), tmp_path)
    check_device(native, 34, ("arm64-v8a", "armeabi-v7a"))
    with pytest.raises(TargetError, match="native code for arm64-v8a only"):
        check_device(native, 34, ("x86_64",))
    with pytest.raises(TargetError, match="SDK 26 or newer"):
        check_device(native, 21, ("arm64-v8a",))
    with pytest.raises(TargetError, match=r"Android 8.0 \(SDK 26\) and newer, and this device has SDK 25"):
        check_device(replace(native, min_sdk=21), 25, ("arm64-v8a",))


def test_a_nested_domain_inherits_what_it_does_not_set_from_the_one_around_it() -> None:
    def node(tag: str, *children: Node, text: str = "", **attributes: Value) -> Node:
        return Node(tag, attributes, list(children), text)

    def domain(name: str, *inner: Node, **attributes: Value) -> Node:
        return Node("domain-config", attributes, [node("domain", text=name), *inner])

    user = node("trust-anchors", node("certificates", src=Value(STRING, 0, "user")))
    deep = domain("deep.desk.test", domain("deepest.desk.test", cleartextTrafficPermitted=Value(BOOLEAN, 0)))
    outer = domain("desk.test", user, deep, cleartextTrafficPermitted=Value(BOOLEAN, 1))
    policy = read_policy(node("network-security-config", outer, domain("other.test")), 34)
    assert policy.cleartext_domains == ("desk.test", "deep.desk.test")
    assert policy.user_ca_domains == ("desk.test", "deep.desk.test", "deepest.desk.test")
