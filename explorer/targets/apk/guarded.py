"""Reads untrusted packages in a separate process, which has limits and can be killed.

The process runs `python -m explorer.targets.apk.guarded PATH FOLDER CPU MEMORY`. It prints the app as JSON, or a
sentence that says why the package could not be read.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from explorer.targets.apk.archive import PLEASE, printable
from explorer.targets.apk.package import App, read_app
from explorer.targets.error import TargetError

CPU, WALL = 40, 120
"""The limits on CPU time and on total time, in seconds. The largest apps need about five seconds."""
MEMORY = 1 << 30
"""The limit on the address space of the process, in bytes."""
DISK = 4 << 30
"""Largest file that the process may write, in bytes."""
ANSWER = 64 << 20
"""The largest output of the process that is accepted, in bytes."""
_MODULE = "explorer.targets.apk.guarded"
REFUSED = 2
_COSTS = f"reading it takes more {{}} than any real package needs; refused. {PLEASE}"


def read_untrusted(path: Path, workspace: Path, *, cpu: int = CPU, wall: float = WALL, memory: int = MEMORY) -> App:
    """Run `read_app` in a separate process. The limits `cpu` and `wall` are in seconds, `memory` is in bytes.

    Raises TargetError if the app cannot be read, even if the file makes the process crash or hang. In that case,
    nothing is left in `workspace`."""
    workspace.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="app-", dir=workspace))
    try:
        app = _answer(path, _ask(path, folder, (cpu, memory), wall))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if not any(folder.iterdir()):
        folder.rmdir()
    return app


def _ask(path: Path, folder: Path, limits: tuple[int, int], wall: float) -> subprocess.CompletedProcess[bytes]:
    command = [
        sys.executable,
        "-P",
        "-m",
        _MODULE,  # -P: nothing is imported from the folder that one is in
        str(path),
        str(folder),
        *map(str, limits),
    ]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=wall, check=False)
    except subprocess.TimeoutExpired as error:  # `run` has killed it
        raise TargetError(f"{path}: {_COSTS.format('time')}") from error
    except OSError as error:
        raise TargetError(
            f"{path}: the process that reads the package could not be started ({error.strerror}); "
            "close some programs and try again."
        ) from error


def _answer(path: Path, ended: subprocess.CompletedProcess[bytes]) -> App:
    from pydantic import TypeAdapter, ValidationError

    if ended.returncode == REFUSED:
        raise TargetError(ended.stdout.decode("utf-8", "replace")[:2_000])
    if ended.returncode != 0:
        raise TargetError(f"{path}: {_why_failed(ended)}")
    if len(ended.stdout) > ANSWER:
        raise TargetError(f"{path}: the file holds more text than any real package; refused. {PLEASE}")
    try:
        return TypeAdapter(App).validate_json(ended.stdout)
    except ValidationError as error:
        raise TargetError(f"{path}: the package is damaged; download or build it again.") from error


def _why_failed(ended: subprocess.CompletedProcess[bytes]) -> str:
    """Why the process ended without an answer, and what to do.

    Any signal except that of the time limit (SIGXCPU) counts as a lack of memory, because nothing else kills the
    process: the system sends SIGKILL when memory is short, and a failed allocation ends in SIGSEGV or SIGABRT."""
    lines = ended.stderr.decode("utf-8", "replace").splitlines()
    said = printable(next((line.strip() for line in reversed(lines) if line.strip()), "no message"))
    if ended.returncode == -signal.SIGXCPU:
        return _COSTS.format("time")
    if ended.returncode < 0 or said.startswith("MemoryError"):
        return _COSTS.format("memory")
    return f"the process that reads it failed (exit code {ended.returncode}): {said.rstrip('.')}. Please report it."


def _limit(cpu: int, memory: int) -> None:
    """Set limits for this process, as far as the system supports them."""
    try:
        import resource
    except ImportError:
        return
    for kind, soft, hard in (
        (resource.RLIMIT_CPU, cpu, cpu + 1),  # at the hard limit comes SIGKILL, which does not tell why
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_FSIZE, DISK, DISK),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):  # macOS has no limit of the address space
            resource.setrlimit(kind, (soft, hard))


def _main(path: str, folder: str, cpu: str, memory: str) -> int:
    _limit(int(cpu), int(memory))
    try:
        text = json.dumps(asdict(read_app(Path(path), Path(folder))), default=str)
    except TargetError as error:
        text, code = str(error), REFUSED
    except MemoryError:
        text, code = f"{path}: {_COSTS.format('memory')}", REFUSED
    except Exception as error:  # noqa: BLE001 - whatever a damaged file leads to is said in a sentence
        text, code = f"{path}: the package is damaged ({type(error).__name__}); download or build it again.", REFUSED
    else:
        code = 0
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return code


if __name__ == "__main__":
    raise SystemExit(_main(*sys.argv[1:]))
