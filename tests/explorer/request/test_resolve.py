"""From names to what a run takes; a name that means nothing brings those that do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from explorer.request.credential import Login
from explorer.request.errors import RequestError
from explorer.request.request import RunRequest
from explorer.request.resolve import checked_target, journeys_named, personas_named, resolve

CATALOGUE = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_nobody_named_is_the_curious_one_and_all_journeys() -> None:
    options = resolve(RunRequest(target="https://a.example/"))
    assert [p.name for p in options.personas] == ["curious"]
    assert options.journeys == journeys_named(())
    assert options.devices == ()


def test_what_was_asked_is_what_the_run_takes() -> None:
    asked = RunRequest.model_validate(
        {
            "target": "https://a.example/",
            "personas": "novice,elderly",
            "journeys": ["login"],
            "steps": 9,
            "time": "2m",
            "evidence": "none",
            "audit": False,
            "resolve": ["a.example:443:127.0.0.1"],
            "login": Login.of("mia", "x"),
        }
    )
    options = resolve(asked, devices=("phone",), only_resolved=True)
    assert [p.name for p in options.personas] == ["novice", "elderly"]
    assert [j.id for j in options.journeys] == ["login"]
    assert (options.steps, options.time, options.evidence, options.audit) == (9, 120.0, frozenset(), False)
    assert options.resolve == ((("a.example", 443), "127.0.0.1"),)
    assert (options.devices, options.only_resolved, options.endpoint) == (("phone",), True, ("a.example", 443))
    assert options.login == asked.login


def test_a_login_comes_along_for_what_needs_one_where_credentials_are_given() -> None:
    asked = RunRequest(target="https://a.example/", journeys=("account-info",), login=Login.of("mia", "x"))
    assert [j.id for j in resolve(asked).journeys] == ["account-info", "login"]
    assert [j.id for j in resolve(asked.model_copy(update={"login": None})).journeys] == ["account-info"]


def test_the_days_of_fail_on_are_those_of_the_findings() -> None:
    assert resolve(RunRequest(fail_on="failed,expiring=14")).expiring_days == 14
    assert resolve(RunRequest(expiring_days=3)).expiring_days == 3
    assert resolve(RunRequest()).expiring_days is None


def test_all_are_everybody_and_each_comes_once() -> None:
    assert len(personas_named(("all", "novice"))) >= 10
    assert [p.name for p in personas_named(("novice", "novice"))] == ["novice"]


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        (RunRequest(personas=("nobody",)), "personas", "There is no persona «nobody». Known: "),
        (RunRequest(journeys=("../x",)), "journeys", "There is no journey «../x». Known: "),
    ],
)
def test_an_unknown_name_brings_the_known_ones(asked: RunRequest, field: str, said: str) -> None:
    with pytest.raises(RequestError) as caught:
        resolve(asked)
    assert caught.value.field == field and said in str(caught.value)


def test_ones_own_catalogue_counts_and_is_blamed_by_field_if_it_is_broken(here: Path) -> None:
    (here / "journeys").mkdir()
    shutil.copy(CATALOGUE / "flows/catalogue/login.yml", here / "journeys/mine.yml")
    (here / "journeys/mine.yml").write_text(
        (here / "journeys/mine.yml").read_text(encoding="utf-8").replace("id: login", "id: enrol"), encoding="utf-8"
    )
    assert "enrol" in [j.id for j in journeys_named(())]
    (here / "personas").mkdir()
    (here / "personas/odd.yml").write_text("name: odd\n", encoding="utf-8")
    for ask, field in (
        (lambda: personas_named(()), "personas"),
        (lambda: journeys_named(("x",), "require"), "require"),
    ):
        with pytest.raises(RequestError) as caught:
            ask()
        assert caught.value.field == field


def test_a_target_that_is_none_is_told_as_one() -> None:
    with pytest.raises(RequestError, match="not a web address") as caught:
        checked_target("javascript:0")
    assert (caught.value.field, caught.value.flag) == ("target", "TARGET")


def test_a_catalogue_of_ones_own_may_be_larger_than_what_a_request_may_name() -> None:
    (journey,) = journeys_named(("login",))
    assert len(resolve(RunRequest(), journeys=(journey,) * 300).journeys) == 300
