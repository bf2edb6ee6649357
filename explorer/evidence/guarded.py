"""Opens PKCS#12 files of strangers in a separate process with limits on time and memory.

The limits are necessary because such a file itself sets how much work it takes to check its password.

`python -m explorer.evidence.guarded` is that process. It reads the password and the file from standard input, so that
neither is on a command line, and prints certificates and public keys as PEM. Private keys never leave the process.
"""

from __future__ import annotations

import base64
import signal
import subprocess
import sys
from contextlib import suppress

from explorer.targets.error import TargetError

CPU, WALL = 10, 20
"""Limits of processor time and of elapsed time, in seconds. An ordinary file takes about a hundredth of them."""
MEMORY = 1 << 30
REFUSED, LOCKED = 2, 4
_MODULE = "explorer.evidence.guarded"


class NeedsPassword(TargetError):
    """A file is locked with a password, and no password was given or the given one is wrong."""


def open_pkcs12(name: str, data: bytes, password: bytes | None, *, wall: float = WALL) -> bytes:
    """The certificates and public keys in a PKCS#12 file, as PEM.

    Raises NeedsPassword if `password` does not open the file, and TargetError if the file cannot be read otherwise."""
    head = b"-" if password is None else base64.b64encode(password) or b"="
    command = [sys.executable, "-P", "-m", _MODULE]
    try:
        ended = subprocess.run(command, input=head + b"\n" + data, capture_output=True, timeout=wall, check=False)
    except subprocess.TimeoutExpired as error:  # `run` has killed it
        raise TargetError(f"{name}: opening it takes more time than any real file needs; refused.") from error
    except OSError as error:
        raise TargetError(f"{name}: no process could be started to open it ({error.strerror}).") from error
    if ended.returncode == LOCKED:
        wrong = "the password does not open it" if password else "it is locked with a password"
        raise NeedsPassword(f"{name}: {wrong}; give --password-file FILE with the password in its first line.")
    if ended.returncode == REFUSED:
        raise TargetError(f"{name}: is neither a certificate nor a PKCS#7 or PKCS#12 file, or it is damaged.")
    if ended.returncode != 0:
        what = "time" if ended.returncode == -signal.SIGXCPU else "memory"
        raise TargetError(f"{name}: opening it takes more {what} than any real file needs; refused.")
    return ended.stdout


def _limit() -> None:
    """Set limits for this process, as far as the system supports them."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_CPU, CPU), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _main() -> int:
    _limit()
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12

    head, _, data = sys.stdin.buffer.read().partition(b"\n")
    given = None if head == b"-" else base64.b64decode(head.strip(b"=") and head)
    try:
        if not _is_pkcs12(data):
            return REFUSED
        for password in (None, b"") if given is None else (given,):
            with suppress(ValueError):
                held = pkcs12.load_pkcs12(data, password)
                break
        else:
            return LOCKED
        first = [held.cert.certificate] if held.cert else []
        for certificate in [*first, *(c.certificate for c in held.additional_certs)]:
            sys.stdout.buffer.write(certificate.public_bytes(Encoding.PEM))
        if held.key is not None:
            public = held.key.public_key()
            sys.stdout.buffer.write(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    except Exception:  # noqa: BLE001 - whatever a damaged file leads to is refused
        return REFUSED
    return 0


def _is_pkcs12(data: bytes) -> bool:
    """Whether the data begins as a PFX of version 3 (RFC 7292, section 4).

    Such a PFX is an ASN.1 sequence whose first member is the number 3."""
    if len(data) < 8 or data[0] != 0x30:
        return False
    start = 2 if data[1] <= 0x80 else 2 + (data[1] & 0x7F)
    return data[start : start + 3] == b"\x02\x01\x03"


if __name__ == "__main__":
    raise SystemExit(_main())
