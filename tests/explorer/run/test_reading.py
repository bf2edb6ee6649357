"""The run folder that comes of a file: it says its source, and is told again as any run is."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from explorer.evidence.har import read_har
from explorer.evidence.recording import Recording
from explorer.run.reading import journal_of
from explorer.server import run_facts
from explorer.tls.trust import TrustStore
from flows.journey import load_catalogue
from reports import FORMATS, render
from reports.journal.events import RunFinished
from reports.summary import load
from tests.explorer.evidence.hars import SITE, entry, har, page

FAILED = {"_error": "net::ERR_CERT_AUTHORITY_INVALID"}


def test_a_run_that_was_read_names_its_source_in_every_report(tmp_path: Path) -> None:
    sent = entry("https://tickets.shop.example/v1/tickets", 0, at=9, method="POST", response=FAILED)
    requests = read_har(iter([har([page(f"{SITE}/contact"), sent])])).kept.requests
    nobody = TrustStore((), (), "no roots")
    recording = Recording("the HAR", "Firefox 140", requests, ("It is cut off.",))
    journal, outcome = asyncio.run(journal_of(recording, load_catalogue(), tmp_path, 1.8e9, nobody))
    journal.write(RunFinished(1.8e9, 1))
    journal.close()
    summary = load(tmp_path)
    assert summary.read_from == "the HAR, recorded by Firefox 140"
    assert [f.text for f in summary.findings] == ["It is cut off."]
    assert len(outcome.verdicts) == 1
    told = render(tmp_path, FORMATS, None)
    assert "Read from <b>the HAR, recorded by Firefox 140</b>" in told["html"]
    assert "Certificate authority is not trusted or 4 others" in told["html"]
    cause = "Certificate authority is not trusted or 4 others"
    for form, text in told.items():
        if "Certificate authority is not trusted" in text:
            assert cause in text or "One of these" in text, form
    assert all(cause in told[form] for form in ("junit", "sarif", "markdown"))
    assert json.loads(told["json"])["incidents"][0]["alternatives"]
    facts = run_facts.read(tmp_path, alive=False)
    assert facts
    cell = facts.cells[0]
    assert (cell.cause, cell.others) == ("untrusted-ca", " or 4 others")
