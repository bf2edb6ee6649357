"""Shell commands of the device for the package, activity and window managers."""

from __future__ import annotations

from explorer.lab.android.phone import Phone
from explorer.lab.android.shell import Command, Io
from explorer.lab.android.widgets import HEIGHT, WIDTH

SERVER = "io.appium.uiautomator2.server"
LAUNCHER = "com.android.launcher3/com.android.launcher3.uioverrides.QuickstepLauncher"

_NO_CLEAR = (
    "Exception occurred while executing 'clear':\njava.lang.SecurityException: PID 9000 does not have permission "
    "android.permission.CLEAR_APP_USER_DATA to clear data of package {}\n"
)
_NO_USER = (
    "Exception occurred while executing 'list':\njava.lang.SecurityException: Shell does not have permission to access "
    "user {}\n"
)


class Managers:
    """The commands of one device. `find` looks one up by its name."""

    def __init__(self, device: Phone) -> None:
        self._device = device

    def find(self, name: str) -> Command | None:
        found: Command | None = getattr(self, f"do_{name}", None)
        return found

    async def do_cmd(self, words: list[str], io: Io) -> int:
        words = [word for word in words if word != "-w"]
        if words[:1] == ["package"]:
            return await self.do_pm(words[1:], io)
        if words[:1] == ["activity"]:
            return await self.do_am(words[1:], io)
        return 0

    async def do_pm(self, words: list[str], io: Io) -> int:
        packages, verb, last = self._device.packages, words[0], words[-1]
        if verb.startswith("install"):
            return await self._install(words, io)
        if verb == "uninstall":
            gone = packages.pop(last, None)
            self._device.stop_process(last, "uninstall")
            await io.out("Success\n" if gone else "Failure [DELETE_FAILED_INTERNAL_ERROR]\n")
            return 0 if gone else 1
        if verb == "list":
            return await self._list(words, io)
        if verb == "path":
            if last not in packages:
                return 1
            await io.out(f"package:/data/app/~~demo/{last}/base.apk\n")
        elif verb == "clear":
            return await self._clear(last, io)
        elif verb == "resolve-activity":
            if last not in packages:
                await io.out("No activity found\n")
                return 1
            head = "priority=0 preferredOrder=0 match=0x108000 specificIndex=-1 isDefault=false\n"
            await io.out(f"{head}{last}/{packages[last].activity}\n")
        elif verb == "grant":
            self._device.granted.add((words[-2], last))
        return 0

    async def _clear(self, package: str, io: Io) -> int:
        if self._device.profile.locked:
            await io.out(_NO_CLEAR.format(package), 2)
            return 255
        if package not in self._device.packages:
            await io.out("Failed\n")
            return 1
        self._device.clear(package)
        await io.out("Success\n")
        return 0

    async def _list(self, words: list[str], io: Io) -> int:
        if hidden := [user for user in self._device.profile.users if user]:
            if words[1] == "packages" and "--user" not in words:
                await io.out(_NO_USER.format(hidden[0]), 2)
                return 255
        if "--user" in words:
            at = words.index("--user")
            words = [*words[:at], *words[at + 2 :]]
        what, last = words[1], words[-1]
        for name, entry in self._device.packages.items():
            if what == "packages" and (last == "packages" or last.startswith("-") or last in name):
                code = f" versionCode:{entry.version_code}" if "--show-versioncode" in words else ""
                await io.out(f"package:{name}{code}{f' uid:{self._device.uid(name)}' if '-U' in words else ''}\n")
            elif what == "instrumentation":
                for runner, target in entry.instrumentation:
                    await io.out(f"instrumentation:{name}/{runner} (target={target})\n")
        return 0

    async def _install(self, words: list[str], io: Io) -> int:
        """The command `install`, and `install-create`, `install-write` and `install-commit` for split packages."""
        verb = words[0]
        if verb == "install-create":
            await io.out(f"Success: created install session [{self._device.new_session()}]\n")
            return 0
        if verb == "install-commit":
            return await self._finish(self._device.commit(int(words[-1])), io)
        if "-S" in words:
            data = await io.read(int(words[words.index("-S") + 1]))
        else:
            file = self._device.files.get(words[-1])
            data = file.data if file else b""
        if verb == "install-write":
            session = next(int(word) for word in words[1:] if word.isdecimal() and words[words.index(word) - 1] != "-S")
            self._device.write_session(session, data)
            await io.out(f"Success: streamed {len(data)} bytes\n")
            return 0
        return await self._finish(self._device.install([data], grant="-g" in words), io)

    async def _finish(self, problem: str, io: Io) -> int:
        await io.out(f"Failure [{problem}]\n" if problem else "Success\n")
        return 1 if problem else 0

    async def do_monkey(self, words: list[str], io: Io) -> int:
        package = words[words.index("-p") + 1]
        if package not in self._device.packages:
            await io.out("** No activities found to run, monkey aborted.\n")
            return 252
        self._device.launch(package)
        await io.out("Events injected: 1\n")
        return 0

    async def do_am(self, words: list[str], io: Io) -> int:
        verb = words[0]
        if verb == "force-stop":
            self._device.stop_process(words[-1], "Force stopping")
        elif verb == "instrument":
            return await self._instrument(words[-1], io)
        elif verb in {"start", "start-activity"}:
            return await self._start(words, io)
        elif verb in {"startservice", "start-service", "start-foreground-service", "broadcast"}:
            await io.out("Broadcasting: Intent { }\nBroadcast completed: result=0\n" if verb == "broadcast" else "")
        return 0

    async def _instrument(self, component: str, io: Io) -> int:
        """The command `am instrument -w`: start the instrumented process, and wait until it ends."""
        package = component.split("/", 1)[0]
        entry = self._device.packages.get(package)
        targets = dict(entry.instrumentation) if entry else {}
        target = targets.get(component.partition("/")[2], "")
        if not target or target not in self._device.packages:
            await io.out(f"INSTRUMENTATION_FAILED: {component}\n")
            return 1
        ended = self._device.start_process(target)
        await io.stream.while_open(ended.wait())
        self._device.stop_process(target, "instrumentation ended")
        if not io.stream.closed:
            await io.out("INSTRUMENTATION_RESULT: shortMsg=Process crashed.\nINSTRUMENTATION_CODE: 0\n")
        return 0

    async def _start(self, words: list[str], io: Io) -> int:
        if "-n" not in words:
            return 0
        component = words[words.index("-n") + 1]
        package = component.split("/", 1)[0]
        await io.out(f"Starting: Intent {{ cmp={component} }}\n")
        if package not in self._device.packages:
            await io.out(f"Error type 3\nError: Activity class {{{component}}} does not exist.\n")
            return 1
        if "-S" in words:
            self._device.stop_process(package, "Force stopping")
        self._device.launch(package)
        if "-W" in words:
            await io.out(
                f"Status: ok\nLaunchState: COLD\nActivity: {component}\nTotalTime: 210\nWaitTime: 215\nComplete\n"
            )
        return 0

    async def do_dumpsys(self, words: list[str], io: Io) -> int:
        await io.out(self._dump(words))
        return 0

    def _dump(self, words: list[str]) -> str:
        device, subject, rest = self._device, words[0] if words else "", words[1:]
        focus = device.display.component or LAUNCHER
        focused_in = "displays" if device.profile.api >= 29 else "windows"
        if subject == "window" and rest and rest[0] != focused_in:
            return f"WINDOW MANAGER {rest[0].upper()} (dumpsys window {rest[0]})\n"
        if subject == "window":
            return (
                f"WINDOW MANAGER WINDOWS\n  mCurrentFocus=Window{{1a2b3c u0 {focus}}}\n"
                f"  mFocusedApp=ActivityRecord{{4d5e6f u0 {focus} t12}}\n  mDreamingLockscreen=false mShowingLockscreen=false\n"
            )
        if subject == "package":
            return device.describe(rest[0]) if rest else ""
        if subject == "power":
            return "POWER MANAGER (dumpsys power)\n  mWakefulness=Awake\n  mScreenOnFully=true\n  mHoldingDisplaySuspendBlocker=true\n"
        if subject == "activity":
            return self._activities(rest, focus)
        if subject == "display":
            return (
                "  mViewports=[DisplayViewport{type=INTERNAL, valid=true, displayId=0, orientation=0, "
                f"deviceWidth={WIDTH}, deviceHeight={HEIGHT}}}]\n"
            )
        if subject == "deviceidle":
            return "Added: " + " ".join(rest[1:]) + "\n"
        if subject == "input_method":
            shown = str(bool(device.display.focused)).lower()
            return f"  mShowRequested={shown} mInputShown={shown} mIsInputViewShown={shown}\n"
        return ""

    def _activities(self, rest: list[str], focus: str) -> str:
        device = self._device
        if rest[:1] == ["services"]:
            running = rest[1].split("/")[0] in device.processes if len(rest) > 1 and "/" not in rest[1] else False
            record = (
                f"  * ServiceRecord{{1 u0 {rest[1]}/.ForegroundService}}\n    isForeground=true\n"
                if running
                else "  (nothing)\n"
            )
            return "ACTIVITY MANAGER SERVICES (dumpsys activity services)\n" + record
        if rest[:1] == ["processes"]:
            return "ACTIVITY MANAGER RUNNING PROCESSES (dumpsys activity processes)\n" + "".join(
                f"  *APP* UID {device.uid(name)} ProcessRecord{{a1b2c3 {pid}:{name}/u0a{device.uid(name) - 10_000}}}\n"
                for name, pid in device.processes.items()
            )
        return f"  mResumedActivity: ActivityRecord{{4d5e6f u0 {focus} t12}}\n"
