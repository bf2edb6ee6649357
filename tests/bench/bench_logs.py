"""MB/s of reading saved logs, beside `grep -E` on the same file in the same run: python tests/bench/bench_logs.py [MB].

The log is generated: threadtime lines of many processes, with about one TLS failure (a full trace) in 2,000 lines, and
lines that merely name TLS's parts. grep looks for the alternation of the same hints that our own first pass uses.
"""

from __future__ import annotations

import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from explorer.monitors.logs.scan import LogScanner
from explorer.monitors.logs.signatures import make_book
from explorer.targets.log_file import open_log

TRACE = """javax.net.ssl.SSLHandshakeException: Chain validation failed
\tat com.android.org.conscrypt.SSLUtils.toSSLHandshakeException(SSLUtils.java:363)
\tat com.android.org.conscrypt.ConscryptEngine.convertException(ConscryptEngine.java:1134)
\tat okhttp3.internal.connection.RealConnection.connectTls(RealConnection.kt:379)
\tat okhttp3.internal.connection.RealConnection.connect(RealConnection.kt:209)
Caused by: java.security.cert.CertificateException: Chain validation failed
\t... 27 more
Caused by: java.security.cert.CertificateExpiredException: Certificate expired at Sat Mar 01 00:00:00 GMT 2025 (compared to Mon Mar 03 08:00:00 GMT 2025)
\t... 46 more""".split("\n")
WORDS = "window focus surface layer frame alarm battery location service intent activity provider binder thread cache".split()
TAGS = ("ActivityManager", "WindowManager", "chromium", "System.err", "OpenGLRenderer", "GnssLocationProvider", "wifi")


MOST_MEMORY = 150
"""MiB that reading may take, however long the log is."""


def generate(path: Path, megabytes: int) -> int:
    """Write a log of that size; gives the number of failures in it."""
    rng, failures, size = random.Random(7), 0, 0
    with path.open("w", encoding="utf-8") as file:
        while size < megabytes << 20:
            for line in _chunk(rng, failures):
                size += file.write(line)
            failures += 1
    return failures


def _chunk(rng: random.Random, n: int) -> Iterator[str]:
    head = f"03-03 08:{n // 60 % 60:02}:{n % 60:02}"
    for i in range(2_000):
        text = " ".join(rng.choices(WORDS, k=rng.randint(4, 18)))
        yield f"{head}.{i % 1000:03} {rng.randint(300, 9000):5} {rng.randint(300, 9000):5} D {rng.choice(TAGS)}: {text}\n"
    yield f"{head}.999  1200  1300 I NetworkSecurityConfig: No Network Security Config specified, TLS default\n"
    for line in TRACE:
        yield f"{head}.999  4000  4011 W System.err: {line}\n"


def ours(path: Path) -> tuple[float, int]:
    """Seconds and findings."""
    book = make_book()
    started = time.perf_counter()
    found = 0
    with open_log(str(path), sys.stdin.buffer) as streams:
        for stream in streams:
            scanner = LogScanner(book)
            for block in stream.blocks:
                found += sum(1 for _ in scanner.feed(block))
            found += sum(1 for _ in scanner.close())
    return time.perf_counter() - started, found


def grep(path: Path) -> tuple[float, int]:
    """Seconds and matching lines of `grep -E` with the same hints; the machine's own locale, as a user would run it."""
    program = shutil.which("grep")
    if program is None:
        return 0.0, 0
    words = "|".join("".join(f"\\{c}" if c in "().[]" else c for c in hint.decode()) for hint in make_book().hints)
    started = time.perf_counter()
    done = subprocess.run([program, "-cE", words, str(path)], capture_output=True, text=True, check=False)
    return time.perf_counter() - started, int(done.stdout)


def main() -> int:
    """Generate, measure both, print the ratio. Fails if a failure in the log was missed, or it was read into memory."""
    megabytes = next((int(word) for word in sys.argv[1:] if word.isdigit()), 100)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "device.log"
        failures = generate(path, megabytes)
        size = path.stat().st_size / 1e6
        grep(path)  # once for nothing, so that both read from the page cache
        theirs, lines = grep(path)
        seconds, found = ours(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # Linux counts KiB
    print(f"log        {size:8.0f} MB, {failures} failures")
    print(f"trustwalk  {size / seconds:8.1f} MB/s, {found} findings")
    if theirs:
        print(f"grep -E    {size / theirs:8.1f} MB/s, {lines} lines")
        print(f"ratio      {theirs / seconds:8.2f} of grep's speed")
    print(f"memory     {peak:8.0f} MiB at most")
    return 0 if found == failures and peak < MOST_MEMORY else 1


if __name__ == "__main__":
    sys.exit(main())
