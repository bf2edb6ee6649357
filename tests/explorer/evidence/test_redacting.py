"""The file that a customer may share: every planted secret is gone, and what failed is still told."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from explorer.evidence.files import recording_in
from explorer.evidence.redacting import redacted
from explorer.evidence.source import opened
from explorer.targets.error import TargetError
from tests.explorer.evidence.hars import har, page
from tests.explorer.evidence.net_logs import net_log, url_request
from tests.explorer.evidence.test_har import MAIL, PLANTED, SECRET, TOKEN

LOG = f"""11-23 10:00:00.100  2000  2001 W System.err: javax.net.ssl.SSLPeerUnverifiedException: Hostname api.example.org not verified: {MAIL}
11-23 10:00:00.101  2000  2001 I App: Authorization: Bearer {TOKEN}
11-23 10:00:00.102  2000  2001 I App: https://mia:{SECRET}@api.example.org/?token={SECRET} password={SECRET}
"""


def again(data: bytes, folder: Path) -> bytes:
    (folder / "given").write_bytes(data)
    with opened(str(folder / "given"), io.BytesIO()) as source:
        return b"".join(redacted(source))


FILES = {
    "har": har([page(), PLANTED], titles=[f"{MAIL} {SECRET} password={SECRET}".replace(f" {SECRET}", "")]),
    "net log": net_log(
        url_request(
            1, f"https://api.example.org/reset/{TOKEN}?token={SECRET}", error=-201, headers=[f"Cookie: {SECRET}"]
        )
    ),
    "log": LOG.encode(),
}


@pytest.mark.parametrize("kind", FILES)
def test_no_planted_secret_is_left(kind: str, tmp_path: Path) -> None:
    told = again(FILES[kind], tmp_path).decode()
    for secret in (SECRET, MAIL, "lindqvist", TOKEN, TOKEN[:20]):
        assert secret not in told


@pytest.mark.parametrize("kind", ["har", "net log"])
def test_what_failed_is_still_in_it(kind: str, tmp_path: Path) -> None:
    def failures(data: bytes) -> list[tuple[str, str]]:
        (tmp_path / "file").write_bytes(data)
        with opened(str(tmp_path / "file"), io.BytesIO()) as source:
            return [(r.url, r.error.partition(" ")[0]) for r in recording_in(source).requests]

    assert failures(again(FILES[kind], tmp_path)) == failures(FILES[kind])


def test_a_log_keeps_its_lines_and_its_failure(tmp_path: Path) -> None:
    told = again(FILES["log"], tmp_path).decode().splitlines()
    assert len(told) == 3
    assert "Hostname api.example.org not verified" in told[0]


@pytest.mark.parametrize("kind", ["har", "net log"])
def test_a_file_that_is_cut_off_is_written_as_far_as_it_goes(kind: str, tmp_path: Path) -> None:
    data = FILES[kind]
    for end in range(len(data) * 2 // 3, len(data) - 1, 11):
        json.loads(again(data[:end], tmp_path))


def test_certificates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="can be redacted"):
        again(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", tmp_path)
