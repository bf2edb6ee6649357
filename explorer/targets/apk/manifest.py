"""Reads facts from an app's manifest and resource table."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.targets.apk.arsc import Resources
from explorer.targets.apk.axml import REFERENCE, Node, Value


@dataclass(frozen=True, slots=True)
class Package:
    """The facts from the manifest of one APK file.

    `activity` is the launcher activity; it is empty if there is none. `split` is empty for a base APK."""

    name: str
    split: str
    label: str
    activity: str
    version_name: str
    version_code: int
    min_sdk: int
    target_sdk: int
    permissions: tuple[str, ...]
    instrumentation: tuple[tuple[str, str], ...]
    debuggable: bool
    test_only: bool
    uses_cleartext: bool | None
    network_config: Value | None


def read_manifest(root: Node, resources: Resources | None) -> Package:
    """The package that a manifest describes. Missing values get the platform's defaults."""
    lookup = _Lookup(resources)
    name = lookup.text(root, "package")
    application = next(root.all("application"), Node(""))
    sdk = next(root.all("uses-sdk"), Node(""))
    min_sdk = lookup.number(sdk, "minSdkVersion", 1)
    return Package(
        name=name,
        split=lookup.text(root, "split"),
        label=lookup.text(application, "label"),
        activity=_launcher(application, name, lookup),
        version_name=lookup.text(root, "versionName"),
        version_code=lookup.number(root, "versionCode", 0),
        min_sdk=min_sdk,
        target_sdk=lookup.number(sdk, "targetSdkVersion", min_sdk),
        permissions=tuple(dict.fromkeys(lookup.text(node, "name") for node in root.all("uses-permission"))),
        instrumentation=tuple(
            (lookup.text(node, "name"), lookup.text(node, "targetPackage")) for node in root.all("instrumentation")
        ),
        debuggable=lookup.flag(application, "debuggable") or False,
        test_only=lookup.flag(application, "testOnly") or False,
        uses_cleartext=lookup.flag(application, "usesCleartextTraffic"),
        network_config=application.get("networkSecurityConfig"),
    )


class _Lookup:
    """Looks up attribute values and follows references."""

    def __init__(self, resources: Resources | None) -> None:
        self._resources = resources

    def value(self, node: Node, name: str) -> Value | None:
        value = node.get(name)
        if value is None or value.kind != REFERENCE:
            return value
        found = self._resources.values(value.data) if self._resources else []
        return found[0] if found else None

    def text(self, node: Node, name: str) -> str:
        value = self.value(node, name)
        return value.plain() if value is not None else ""

    def number(self, node: Node, name: str, default: int) -> int:
        text = self.text(node, name)
        return int(text) if text.isdecimal() else default

    def flag(self, node: Node, name: str) -> bool | None:
        text = self.text(node, name).lower()
        return {"true": True, "false": False}.get(text)


def _launcher(application: Node, package: str, lookup: _Lookup) -> str:
    """The full class name of the launcher activity, or an empty string. For an activity-alias, its own name counts."""
    for tag in ("activity", "activity-alias"):
        for node in application.all(tag):
            if lookup.flag(node, "enabled") is False:
                continue
            for intent in node.all("intent-filter"):
                actions = {lookup.text(a, "name") for a in intent.all("action")}
                categories = {lookup.text(c, "name") for c in intent.all("category")}
                if "android.intent.action.MAIN" in actions and categories & {
                    "android.intent.category.LAUNCHER",
                    "android.intent.category.LEANBACK_LAUNCHER",
                }:
                    return full_name(lookup.text(node, "name"), package)
    return ""


def full_name(activity: str, package: str) -> str:
    """The full class name of an activity that a manifest calls `.Main`, `Main` or `a.b.Main`."""
    if activity.startswith("."):
        return package + activity
    return activity if "." in activity or not activity else f"{package}.{activity}"
