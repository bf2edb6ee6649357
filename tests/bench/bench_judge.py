"""Seconds and memory to judge a session with a retry storm, and how they grow: python tests/bench/bench_judge.py.

After a failed send the app asks again without pause. Twice the storm should take twice the time, and no more.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from pathlib import Path

from explorer.run.findings import findings_of
from flows.diagnosis import Cause
from flows.judge.run import judge_run
from flows.session import SessionLog
from flows.signals import Exchange, Signal

ROOT = Path(__file__).parents[2]
EXCHANGES, FAILURES, STEPS = 100_000, 20_000, 40
MOST_SECONDS, MOST_MEMORY = 5.0, 500


def one(exchanges: int, failures: int) -> None:
    """Judge one session, and print the seconds that it took and the peak of memory in MiB."""
    from tests.flows.builders import diagnosis

    log, told = storm(exchanges, failures), diagnosis("api.desk.test", Cause.EXPIRED)
    started = time.perf_counter()
    judgement = judge_run([log], told)
    findings = findings_of([j.log for j in judgement.sessions], judgement.incidents, told, None, judgement.verdicts)
    seconds = time.perf_counter() - started
    kept = {s for i in judgement.incidents for s in (*i.signals, *i.also)} | {s for f in findings for s in f.signals}
    assert len(kept) == failures, "a signal was lost"
    print(f"{seconds} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")


def storm(exchanges: int, failures: int) -> SessionLog:
    """A session of 40 steps in two journeys, whose failures are spread over all of it."""
    from tests.flows.builders import failing, opening, request, session, step

    journeys = ("submit-ticket", "start-chat", "")
    steps = [opening()]
    for n in range(1, STEPS):
        journey = journeys[n % 3]
        steps.append(step(n, journey, "send", expects=bool(journey), failure="Could not be sent" if journey else ""))
    seconds, every = 10.0 * STEPS, exchanges // failures
    traffic: list[Exchange | tuple[Exchange, Signal]] = []
    for n in range(exchanges):
        at, host = seconds * n / exchanges, f"h{n % 7}.desk.test"
        if n % every:
            traffic.append(request(f"r{n}", at, host))
        else:
            traffic.append(failing(f"r{n}", at, "api.desk.test" if n % 3 else "live.desk.test"))
    return session(steps, *traffic)


def measured(exchanges: int, failures: int) -> tuple[float, float]:
    """Seconds and MiB, in a process of its own."""
    command = [sys.executable, str(Path(__file__)), str(exchanges), str(failures)]
    path = {"PYTHONPATH": str(ROOT), "PATH": ""}
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=path)
    seconds, memory = map(float, done.stdout.split())
    return seconds, memory


def main() -> int:
    """Print the figures of the storm and of half of it. Fails where judging is not linear, or takes too much."""
    half, _ = measured(EXCHANGES // 2, FAILURES // 2)
    seconds, memory = measured(EXCHANGES, FAILURES)
    print(f"judged   {EXCHANGES} exchanges and {FAILURES} failures in {seconds:.2f} s (half of it in {half:.2f} s)")
    print(f"ratio    {seconds / half:.2f} for twice the storm (2 is linear)")
    print(f"memory   {memory:.0f} MiB at most, the session itself among it")
    return 0 if seconds < MOST_SECONDS and memory < MOST_MEMORY and seconds / half < 3 else 1


if __name__ == "__main__":
    if len(sys.argv) == 3 and all(word.isdigit() for word in sys.argv[1:]):
        one(int(sys.argv[1]), int(sys.argv[2]))
    else:
        sys.exit(main())
