"""Reads an Android package: its identity, its network policy, and whether it can be explored."""

from __future__ import annotations

import re
import shutil
import struct
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from explorer.targets.apk.archive import BOMB, PLEASE, Archive, open_archive, printable
from explorer.targets.apk.arsc import Resources
from explorer.targets.apk.axml import REFERENCE, STRING, Malformed, Node, Value, parse
from explorer.targets.apk.code import Weakness, host_of, urls, weaknesses
from explorer.targets.apk.dex import Dex
from explorer.targets.apk.manifest import Package, read_manifest
from explorer.targets.apk.network import NetworkPolicy, defaults, read_policy
from explorer.targets.apk.signing import signature_schemes
from explorer.targets.apk.work import TooMuchWork, Work
from explorer.targets.error import TargetError

SUFFIXES = (".apk", ".apks", ".xapk", ".apkm")
_DEX = re.compile(r"classes\d*\.dex\Z")
_ABI = re.compile(r"lib/([a-z0-9_-]+)/[^/]+\.so\Z")
_TEXTS = re.compile(r"assets/.*\.(js|json|html?|xml|txt|properties|bundle)\Z", re.IGNORECASE)
MAX_TEXT, MAX_TEXTS = 32 << 20, 400
"""The limits on the search for URLs in assets: bytes of one file, and number of files.

The scripts of hybrid apps are among the first files."""
MAX_TEXTS_SIZE, LONGEST_URL = 256 << 20, 1 << 10
_ENDS = (b" ", b"\n", b'"', b"'", b"<", b">")
MAX_MANIFEST, MAX_TABLE, MAX_DEX = 16 << 20, 128 << 20, 128 << 20
"""The sizes of the largest manifest, resource table and DEX file that are read, in bytes."""
MAX_FOUND = 20_000
"""At most this many URLs, and this many weaknesses in the code, are kept for one APK."""
MAX_INNER, MAX_INNER_RATIO = 1_000, 20
"""The limits on the number of APKs in a bundle, and on the compression ratio of an APK above a mebibyte.

An APK in a bundle hardly gets smaller, because its content is compressed already."""


@dataclass(frozen=True, slots=True)
class Part:
    """One APK file to install. `split` is the name of the split; it is empty for the base APK."""

    path: Path
    split: str = ""
    abis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class App:
    """An Android app that can be installed and explored.

    `parts` are the files to install, the base APK first. `abis` are the ABIs of the app's native code; if it is empty,
    the app runs on any ABI. `hosts` are the hosts of `urls`, in order of appearance."""

    source: Path
    package: str
    activity: str
    label: str
    version_name: str
    version_code: int
    min_sdk: int
    target_sdk: int
    permissions: tuple[str, ...]
    debuggable: bool
    test_only: bool
    abis: tuple[str, ...]
    signatures: tuple[str, ...]
    network: NetworkPolicy
    urls: tuple[str, ...]
    hosts: tuple[str, ...]
    weaknesses: tuple[Weakness, ...]
    parts: tuple[Part, ...]


def read_app(path: Path, workspace: Path) -> App:
    """Read an .apk, or unpack an .apks, .xapk or .apkm into a new folder below `workspace` and read its APKs.

    If it raises TargetError, nothing is left in `workspace`. Otherwise the caller must remove the new folder."""
    with ExitStack() as undo, open_archive(path) as archive:
        if "AndroidManifest.xml" in archive.names:
            return _app(path, [path])
        inner = [name for name in archive.names if name.lower().endswith(".apk")]
        if not inner:
            raise TargetError(
                f"{path}: this is not an Android package: it holds neither a manifest nor an APK; give an .apk, .apks, .xapk "
                "or .apkm file."
            )
        folder = _fresh(workspace, path.stem)
        undo.callback(shutil.rmtree, folder, ignore_errors=True)
        app = _app(path, _unpack(archive, _choice(inner), folder))
        undo.pop_all()
        return app


OLDEST_SDK = 26
"""The oldest level that Appium's UiAutomator2 driver accepts (appium-uiautomator2-driver 8, `MIN_SUPPORTED_API_LEVEL`)."""


def check_device(app: App, sdk: int, abis: tuple[str, ...]) -> None:
    """Raise TargetError if a device with this SDK level and these ABIs cannot run the app, or cannot be driven."""
    if sdk and sdk < app.min_sdk:
        raise TargetError(
            f"{app.source}: the app needs Android with SDK {app.min_sdk} or newer, and this device has SDK {sdk}; use another device."
        )
    if sdk and sdk < OLDEST_SDK:
        raise TargetError(
            f"{app.source}: Trustwalk explores apps on Android 8.0 (SDK {OLDEST_SDK}) and newer, and this device has SDK {sdk}; use "
            "another device."
        )
    if app.abis and abis and not set(app.abis) & set(abis):
        raise TargetError(
            f"{app.source}: the app has native code for {', '.join(app.abis)} only, and this device runs "
            f"{', '.join(abis)}; use another device or build."
        )


def parts_for(app: App, abis: tuple[str, ...]) -> tuple[Path, ...]:
    """The files to install on a device: the base, the splits for one ABI, and all splits without an ABI.

    `abis` are the ABIs of the device, best first. The first one for which the app has a split is chosen."""
    offered = {abi for part in app.parts if part.split for abi in part.abis}
    best = next((abi for abi in abis if abi in offered), None)
    return tuple(part.path for part in app.parts if not part.split or not part.abis or best in part.abis)


def _fresh(workspace: Path, stem: str) -> Path:
    name = re.sub(r"[^A-Za-z0-9._-]", "_", stem).strip(".") or "app"
    for number in range(1_000):
        folder = workspace / (f"{name}-{number}" if number else name)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise TargetError(f"{workspace}: the folder holds too many unpacked packages called {name}; remove them.")


def _choice(inner: list[str]) -> list[str]:
    """The APKs of a bundle to unpack. Leaves out the standalone APKs and variants (`_2`) that bundletool adds."""
    splits = [name for name in inner if "standalones/" not in name] or inner[:1]
    plain = [
        name
        for name in splits
        if not re.search(r"_\d+\.apk\Z", name) or re.sub(r"_\d+\.apk\Z", ".apk", name) not in splits
    ]
    return plain or splits


def _unpack(archive: Archive, names: list[str], folder: Path) -> Iterator[Path]:
    if len(names) > MAX_INNER:
        raise TargetError(
            f"{archive.path}: the file holds {len(names)} packages, more than the limit of {MAX_INNER:,}; {BOMB}"
        )
    for name in names:
        if archive.size(name) > (1 << 20) and archive.ratio(name) > MAX_INNER_RATIO:
            raise TargetError(
                f"{archive.path}: {printable(name)} is compressed {archive.ratio(name):.0f} to 1, "
                f"far more than any real package; {BOMB}"
            )
    for number, name in enumerate(names):
        target = folder / f"{number:03d}-{re.sub(r'[^A-Za-z0-9._-]', '_', Path(name).name)[-80:]}"
        try:
            with target.open("xb") as file:
                for piece in archive.chunks(name, limit=4 << 30):
                    file.write(piece)
        except OSError as error:
            raise TargetError(
                f"{target}: cannot be written ({error.strerror}); free some space and try again."
            ) from error
        yield target


@dataclass(slots=True)
class _Read:
    path: Path
    package: Package
    abis: tuple[str, ...]
    signatures: tuple[str, ...]
    network: NetworkPolicy
    urls: list[str]
    weaknesses: list[Weakness]


def _app(source: Path, files: Iterable[Path]) -> App:
    work = Work()
    try:
        read = [_read(file, source, work) for file in files]  # each is read before the next one is unpacked
    except TooMuchWork as error:
        raise TargetError(
            f"{source}: reading it takes more work than any real package needs; refused. {PLEASE}"
        ) from error
    bases = [r for r in read if not r.package.split]
    if not bases:
        raise TargetError(f"{source}: the file holds only split packages; export the app with its base package.")
    base = bases[0]
    mine = [base] + [r for r in read if r.package.split and r.package.name == base.package.name]
    package = base.package
    if not package.activity:
        raise TargetError(
            f"{source}: {package.name} has no launcher activity, so there is nothing to explore; give an app that has an icon in "
            "the launcher."
        )
    found = tuple(dict.fromkeys(url for r in mine for url in r.urls))
    return App(
        source=source,
        package=package.name,
        activity=package.activity,
        label=package.label,
        version_name=package.version_name,
        version_code=package.version_code,
        min_sdk=package.min_sdk,
        target_sdk=package.target_sdk,
        permissions=package.permissions,
        debuggable=package.debuggable,
        test_only=package.test_only,
        abis=tuple(sorted({abi for r in mine for abi in r.abis})),
        signatures=base.signatures,
        network=base.network,
        urls=found,
        hosts=tuple(dict.fromkeys(host_of(url) for url in found)),
        weaknesses=tuple(dict.fromkeys(w for r in mine for w in r.weaknesses)),
        parts=tuple(Part(r.path, r.package.split, r.abis) for r in mine),
    )


def read_package(path: Path) -> Package:
    """Read the manifest of one APK. Raises TargetError or TooMuchWork."""
    with open_archive(path) as archive:
        return _package(archive, path, Work())[0]


def _package(archive: Archive, source: Path, work: Work) -> tuple[Package, Resources | None]:
    try:
        root = parse(archive.read("AndroidManifest.xml", MAX_MANIFEST), work)
        if root.tag != "manifest":
            raise Malformed(f"the root element is {root.tag!r}, not 'manifest'")
        packed = "resources.arsc" in archive.names
        table = Resources(archive.read("resources.arsc", MAX_TABLE), work) if packed else None
        package = read_manifest(root, table)
    except Malformed as error:
        raise TargetError(
            f"{source}: the manifest or the resources are damaged ({error}); download or build it again."
        ) from error
    if not re.fullmatch(r"[A-Za-z]\w*(\.[A-Za-z]\w*)*", package.name, re.ASCII):
        raise TargetError(f"{source}: the manifest has no valid package name; download or build it again.")
    return package, table


def _read(path: Path, source: Path, work: Work) -> _Read:
    with open_archive(path, str(source) if path == source else f"{source}: {path.name} inside") as archive:
        package, table = _package(archive, source, work)
        signatures = signature_schemes(path, archive)
        if not signatures:
            raise TargetError(
                f"{source}: {path.name} is not signed, so no device installs it; sign it with apksigner (a debug key is enough)."
            )
        found: dict[str, None] = {}
        _add_urls(found, table.strings if table and not package.split else ())
        weak: list[Weakness] = []
        for name in archive.names:
            if _DEX.match(name):
                try:
                    dex = Dex(archive.read(name, MAX_DEX), work)
                    _add_urls(found, dex.strings("://"))
                    weak += islice(weaknesses(dex), MAX_FOUND - len(weak))
                except (Malformed, struct.error, IndexError) as error:
                    raise TargetError(
                        f"{source}: the code in {name} is damaged ({error}); download or build it again."
                    ) from error
        _add_urls(found, _assets(archive))
        abis = tuple(sorted({m[1] for name in archive.names if (m := _ABI.match(name))}))
        return _Read(path, package, abis, signatures, _network(archive, package, table, work), list(found), weak)


def _add_urls(found: dict[str, None], texts: Iterable[str]) -> None:
    """Add the URLs in `texts` to `found`, until `found` holds MAX_FOUND of them."""
    for url in urls(texts):
        found.setdefault(url)
        if len(found) >= MAX_FOUND:
            return


def _assets(archive: Archive) -> Iterator[str]:
    """The content of the text files among the assets, in pieces. No URL is split between two pieces."""
    names = [name for name in archive.names if _TEXTS.match(name) and archive.size(name) <= MAX_TEXT]
    left = MAX_TEXTS_SIZE
    for name in names[:MAX_TEXTS]:
        rest = b""
        for piece in archive.chunks(name, MAX_TEXT):
            left -= len(piece)
            if left < 0:
                return
            rest += piece
            if (cut := max(rest.rfind(end, -LONGEST_URL) for end in _ENDS) + 1) == 0:
                cut = len(rest)  # no URL is that long
            yield rest[:cut].decode("utf-8", "replace")
            rest = rest[cut:]
        yield rest.decode("utf-8", "replace")


def _network(archive: Archive, package: Package, table: Resources | None, work: Work) -> NetworkPolicy:
    for file in _config_files(package.network_config, table):
        if file in archive.names:
            try:
                root: Node = parse(archive.read(file, MAX_MANIFEST), work)
            except Malformed:
                continue
            return read_policy(root, package.target_sdk)
    return defaults(package.target_sdk, package.uses_cleartext)


def _config_files(value: Value | None, table: Resources | None) -> list[str]:
    if value is None or value.kind != REFERENCE or table is None:
        return []
    return [v.text for v in table.values(value.data) if v.kind == STRING]
