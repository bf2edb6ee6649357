"""The process of a scripted app: its access to the device, and its end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

from explorer.lab.android.apps import ScriptedApp
from explorer.lab.android.display import Dialog, button, system_dialog
from explorer.lab.android.phone import Phone
from explorer.lab.android.syncing import Files
from explorer.lab.android.widgets import Widget, Window

SYSTEM_SERVER = 612
PERMISSIONS = "com.android.permissioncontroller"
PICKER = "com.google.android.documentsui"

_MEDIA = frozenset({"android.permission.READ_MEDIA_IMAGES", "android.permission.READ_MEDIA_VIDEO"})
"""Permissions that may be granted for single photos since API level 34 (AOSP, PermissionController)."""


class Process:
    """One process of an app. It implements the protocol `Host`."""

    def __init__(self, device: Phone, package: str) -> None:
        self.package = package
        self.pid = device.processes[package]
        self.network = replace(device.network, pins=device.pins.get(package, {}), uid=device.uid(package))
        self.files: Files = device.files
        self.store = device.stores.setdefault(package, {})
        self.app: ScriptedApp | None = None
        self._device = device
        self._tasks: set[asyncio.Task[None]] = set()
        self._threads: dict[asyncio.Task[None], int] = {}

    def log(self, priority: str, tag: str, text: str) -> None:
        if not self._device.faults.silent_apps:
            self._device.log.write(priority, tag, self.pid, text)

    def trace(self, tag: str, text: str, priority: str = "E") -> None:
        if not self._device.faults.silent_apps:
            self._device.log.throwable(tag, self.pid, text, tid=self._thread(), priority=priority)

    def _thread(self) -> int:
        """The thread id in the log: one for each background task, else that of the main thread."""
        task = asyncio.current_task()
        if task not in self._tasks:
            return self.pid
        return self.pid + 20 + self._threads.setdefault(task, len(self._threads)) % 200

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.crash(f"java.lang.RuntimeException: {error!r}")

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()

    def crash(self, trace: str) -> None:
        device, name = self._device, self.package
        label = device.packages[name].package.label
        first = trace.split("\n", 1)[0]
        device.log.write(
            "E",
            "AndroidRuntime",
            self.pid,
            f"FATAL EXCEPTION: main\nProcess: {name}, PID: {self.pid}\n{trace}",
            buffer="crash",
        )
        exception, _, message = first.partition(": ")
        device.log.write(
            "I",
            "am_crash",
            SYSTEM_SERVER,
            f"[{self.pid},0,{name},0,{exception},{message},Api.java,41]",
            buffer="events",
        )
        device.stop_process(name, "Process has died:")
        window = system_dialog("android", "com.android.server.am.AppErrorDialog", f"{label} keeps stopping")
        window.content += [
            button("App info", "android:id/aerr_app_info", lambda: None),
            button("Close app", "android:id/aerr_close", lambda: device.display.hide(window)),
        ]
        device.display.show(Dialog(window, lambda: device.display.hide(window)))

    def hang(self) -> None:
        device, name = self._device, self.package
        label = device.packages[name].package.label
        device.log.write(
            "I", "am_anr", SYSTEM_SERVER, f"[0,{self.pid},{name},0,Input dispatching timed out]", buffer="events"
        )
        device.log.write(
            "E",
            "ActivityManager",
            SYSTEM_SERVER,
            f"ANR in {name} ({name}/.MainActivity)\nPID: {self.pid}\nReason: Input dispatching timed out",
            buffer="system",
        )

        def close() -> None:
            device.stop_process(name, "Killing (user request after error)")

        not_responding(device, label, close)

    def ask(self, permission: str, question: str, done: Callable[[bool], None]) -> None:
        entry = (self.package, permission)
        device = self._device
        if entry in device.granted or entry in device.answered:
            done(entry in device.granted)
            return
        window = system_dialog(PERMISSIONS, f"{PERMISSIONS}.permission.ui.GrantPermissionsActivity", question)

        def answer(granted: bool) -> None:
            device.display.hide(window)
            device.answered.add(entry)
            if granted:
                device.granted.add(entry)
            done(granted)

        allowed = [button("Allow", f"{PERMISSIONS}:id/permission_allow_button", lambda: answer(True))]
        if device.profile.api >= 34 and permission in _MEDIA:
            allowed = [
                button("Select photos", f"{PERMISSIONS}:id/permission_allow_selected_button", lambda: answer(True)),
                button("Allow all", f"{PERMISSIONS}:id/permission_allow_all_button", lambda: answer(True)),
            ]
        window.content += [
            *allowed,
            button("Don’t allow", f"{PERMISSIONS}:id/permission_deny_button", lambda: answer(False)),
        ]
        device.display.show(Dialog(window, lambda: answer(False)))

    def pick_file(self, done: Callable[[str, bytes], None]) -> None:
        device = self._device
        window = Window(PICKER, "com.android.documentsui.picker.PickActivity", [], title="Downloads")

        def pick(name: str, data: bytes) -> None:
            device.display.hide(window)
            done(name, data)

        window.content = [Widget("TextView", "Downloads", height=100)]
        for name, file in sorted(device.files.inside("/sdcard/Download").items()):
            tap = _later(pick, name, file.data)
            row = Widget("LinearLayout", rid=f"{PICKER}:id/item_root", tap=tap)
            row.children = [Widget("TextView", name, "android:id/title")]
            window.content.append(row)
        device.display.show(Dialog(window, lambda: device.display.hide(window)))

    def finish(self) -> None:
        if self._device.display.app is self.app:
            self._device.display.app = None


def _later(call: Callable[[str, bytes], None], name: str, data: bytes) -> Callable[[], None]:
    return lambda: call(name, data)


def not_responding(device: Phone, label: str, close: Callable[[], None] = lambda: None) -> None:
    """Show «… isn't responding» about an app of the device. The ids are the same for all apps (AOSP, `AppNotRespondingDialog`)."""
    window = system_dialog("android", "com.android.server.am.AppNotRespondingDialog", f"{label} isn't responding")

    def closed() -> None:
        device.display.hide(window)
        close()

    window.content += [
        button("Close app", "android:id/aerr_close", closed),
        button("Wait", "android:id/aerr_wait", lambda: device.display.hide(window)),
    ]
    device.display.show(Dialog(window))
