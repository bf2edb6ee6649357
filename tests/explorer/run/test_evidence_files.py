from __future__ import annotations

import re
from pathlib import Path

from PIL import Image

from explorer.request.spelling import Spellings
from explorer.run.evidence_files import file_name, keep_film, keep_log, keep_recordings, lost_recordings
from explorer.run.redaction import Redactor
from explorer.run.step_record import picture_name
from flows.diagnosis import Cause
from flows.incident import Confidence, Incident, JourneyVerdict, Verdict
from flows.session import SessionLog
from flows.step import Action, ActionKind, Decision, Step


def step(n: int, started: float, picture: str = "") -> Step:
    return Step(
        n,
        "s@d",
        Decision(Action(ActionKind.TAP)),
        started,
        started + 1,
        "quiet",
        "a",
        "b",
        changed=True,
        screenshot=picture,
    )


def log(*steps: Step) -> SessionLog:
    return SessionLog(session="s@d", persona="s", device="d", target=("a.test", 443), wanted=(), steps=steps)


def test_the_trace_of_a_session_in_which_nothing_failed_goes_and_its_har_stays(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    for name in ("good@d", "bad@d"):
        (folder / f"{name}.har").touch()
        (folder / f"{name}.trace.zip").touch()
    verdicts = [
        JourneyVerdict("good@d", "login", "good", "d", Verdict.PASSED),
        JourneyVerdict("bad@d", "login", "bad", "d", Verdict.FAILED),
    ]
    kept = keep_recordings(folder, ["good@d", "bad@d", "never@d"], verdicts)
    assert [(k.session, k.kind, k.file) for k in kept] == [
        ("good@d", "har", "evidence/good@d.har"),
        ("bad@d", "har", "evidence/bad@d.har"),
        ("bad@d", "trace", "evidence/bad@d.trace.zip"),
    ]
    assert not (folder / "good@d.trace.zip").exists()


def test_the_log_around_an_incident_is_kept_without_the_password(tmp_path: Path) -> None:
    incident = Incident(
        "i", "s@d", "login", "send", "a.test", 443, (Cause.EXPIRED,), Confidence.HIGH, "", "client", (), (3,)
    )
    lines = [
        (90.0, "long before"),
        (99.0, "login mia / lamp-42"),
        (101.5, "CertPathValidatorException"),
        (120.0, "long after"),
    ]
    (kept,) = keep_log(tmp_path, log(step(3, 100)), lines, [incident], Redactor(Spellings(["lamp-42"])))
    assert (kept.kind, kept.journey) == ("logcat", "login")
    assert (tmp_path / Path(kept.file).name).read_text(
        encoding="utf-8"
    ) == "login mia / …\nCertPathValidatorException\n"


def test_no_lines_no_file(tmp_path: Path) -> None:
    incident = Incident("i", "s@d", "login", "send", "a.test", 443, (), Confidence.HIGH, "", "client", (), (3,))
    assert keep_log(tmp_path, log(step(3, 100)), [(1.0, "x")], [incident], Redactor(Spellings(()))) == []
    assert list(tmp_path.iterdir()) == []


def test_a_film_shows_a_frame_for_each_picture_as_long_as_its_step_took(tmp_path: Path) -> None:
    for n, colour in enumerate(("red", "green", "blue")):
        Image.new("RGB", (1280, 800), colour).save(tmp_path / f"{n}.jpg")
    steps = [step(0, 0, "0.jpg"), step(1, 0.5, "1.jpg"), step(2, 1.5), step(3, 60, "gone.jpg"), step(4, 61, "2.jpg")]
    (kept,) = keep_film(tmp_path, tmp_path, "s@d", steps)
    with Image.open(tmp_path / "s@d.webp") as film:
        assert (kept.kind, getattr(film, "n_frames", 1), film.size) == ("film", 3, (640, 400))
    assert keep_film(tmp_path, tmp_path, "x", [step(0, 0)]) == []


def test_a_name_of_a_device_cannot_lead_out_of_the_folder() -> None:
    assert re.fullmatch(r"a-b-@phone-1-[0-9a-f]{8}", file_name("../a b/ü@phone:1"))
    assert len({file_name(text) for text in ("a b@c", "a/b@c", "../a-b@c", "a-b@c", "x" * 300, "x" * 301)}) == 6
    assert picture_name("../../x@desktop", 7).startswith("x@desktop-") and "/" not in picture_name("a/b", 7)


def test_a_recording_that_was_wanted_and_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "half@d.har").touch()
    whole, lost = (
        lost_recordings(tmp_path, ["half@d"], {"har"}),
        lost_recordings(tmp_path, ["half@d", "none@d"], {"har", "trace"}),
    )
    assert whole == []
    assert [(f.kind, f.session) for f in lost] == [("recording-lost", "half@d"), ("recording-lost", "none@d")]
    assert "(trace)" in lost[0].text and "(har, trace)" in lost[1].text
    assert lost_recordings(tmp_path, ["none@d"], {"film"}) == []
