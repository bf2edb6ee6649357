"""How lists, times and credentials are written on the command line."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from explorer.cli.options import ListCommand, login, many
from explorer.request.parsing import split


@click.command(cls=ListCommand)
@click.argument("target")
@many("--persona")
@many("--break", "broken")
@click.option("--seed", type=int)
def listing(target: str, persona: tuple[str, ...], broken: tuple[str, ...], seed: int | None) -> None:
    click.echo(f"{target} {','.join(split(persona))} {','.join(broken)} {seed}")


@pytest.mark.parametrize(
    "args",
    [
        ["https://a.test/", "--persona", "novice", "elderly", "--seed", "3"],
        ["--persona", "novice", "elderly", "https://a.test/", "--seed", "3"],
        ["--persona", "novice,elderly", "--seed", "3", "https://a.test/"],
        ["--seed", "3", "--persona", "novice", "--persona", "elderly", "https://a.test/"],
    ],
)
def test_a_list_may_be_written_in_every_usual_way(args: list[str]) -> None:
    result = CliRunner().invoke(listing, args)
    assert result.output == "https://a.test/ novice,elderly  3\n"


def test_pairs_may_stand_in_a_row() -> None:
    result = CliRunner().invoke(listing, ["a.test", "--break", "chat=expired", "files=self-signed"])
    assert "chat=expired,files=self-signed" in result.output


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert login(None) is None
    monkeypatch.setenv("TRUSTWALK_LOGIN", "ann:secret:with:colons")
    known = login(None)
    assert known is not None and known.reveal() == ("ann", "secret:with:colons")
