"""The command as it is typed, against real fronts on loopback."""

from __future__ import annotations

import asyncio
import json
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from cryptography import x509

from explorer.cli import main
from explorer.cli.probe import distinct, exit_code, junit
from explorer.tls.faults.front import serve
from explorer.tls.faults.mint import Authority
from explorer.tls.probe import probe
from explorer.tls.probe_outcome import judge_host
from explorer.tls.trust import TrustStore

Typed = tuple[int, str, str]


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.create("Desk")


@pytest.fixture
def ca(authority: Authority, tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    path.write_bytes(authority.root_pem)
    return path


async def typed(*arguments: str) -> Typed:
    """In a thread with a loop of its own, while the servers run in the test's."""
    environment = {"COLUMNS": "100", "CI": "1"}
    result = await asyncio.to_thread(CliRunner().invoke, main, arguments, env=environment, prog_name="trustwalk")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


Serve = Callable[..., Awaitable[list[str]]]


@pytest.fixture
async def served(authority: Authority) -> AsyncIterator[Serve]:
    """Serve these faults; what comes back are arguments for the command line."""
    async with AsyncExitStack() as stack:

        async def begin(*faults: str) -> list[str]:
            arguments = []
            for fault in faults:
                name = f"{fault}.desk.test"
                front = await stack.enter_async_context(await serve(authority, [name], None, fault))
                arguments += [f"{name}:{front.port}", "--resolve", f"{name}:{front.port}:127.0.0.1"]
            return arguments

        yield begin


async def test_a_screen_tells_cause_chain_clients_and_remedy(served: Serve, ca: Path) -> None:
    code, out, err = await typed("probe", *await served("expired"), "--ca", str(ca))
    assert code == 1
    assert err == ""
    for said in (
        "Certificate has expired",
        "CN=Desk Issuing CA",
        "all of them",
        "nginx -s reload",
        "whether the fix works",
    ):
        assert said in out
    long = [line for line in out.splitlines() if len(line) > 100]
    assert {line.split()[0] for line in long} <= {"openssl", "ssl_certificate"}  # what is to be copied stays whole


async def test_what_is_to_be_copied_is_whole_and_flush_left(served: Serve, ca: Path) -> None:
    """A wrapped comment would spoil a configuration, an indented PEM a certificate."""
    _, out, _ = await typed("probe", *await served("incomplete-chain-aia"), "--ca", str(ca), "--private")
    pem = out[out.index("-----BEGIN CERTIFICATE") : out.index("-----END CERTIFICATE-----") + 26]
    assert x509.load_pem_x509_certificate(pem.encode()).subject.rfc4514_string() == "CN=Desk Issuing CA"
    (line,) = [line for line in out.splitlines() if line.startswith("ssl_certificate ")]
    assert line.endswith("# the leaf first, then its intermediates")


async def test_many_hosts_end_in_a_table_with_the_broken_ones_first(served: Serve, ca: Path) -> None:
    _, out, _ = await typed("probe", *await served("healthy", "expired"), "--ca", str(ca))
    last = out.splitlines()[-4:]
    assert [line.split()[0] for line in last] == ["host", "✗", "✓", "2"]
    assert "expired" in last[1] and "no fault seen" in last[2]


async def test_json_is_all_that_is_printed_and_keeps_to_its_schema(served: Serve, ca: Path) -> None:
    code, out, err = await typed(
        "probe",
        *await served("incomplete-chain-aia", "healthy", "connection-cut"),
        "--private",
        "--ca",
        str(ca),
        "--format",
        "json",
    )
    told = json.loads(out)
    schema = json.loads(files("explorer.tls").joinpath("probe.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(told)
    assert (code, err) == (1, "")
    assert [h["causes"] for h in told["hosts"]] == [["incomplete-chain"], [], ["connection-cut"]]
    first = told["hosts"][0]
    assert first["clients"]["chromium"]["verdict"] == "accepts"
    assert first["clients"]["openssl"] == {
        "verdict": "refuses",
        "causes": ["incomplete-chain"],
        "why": "incomplete-chain",
    }
    assert "-----BEGIN CERTIFICATE-----" in first["remedies"][0]["lines"]


async def test_junit_has_a_case_for_each_host(served: Serve, ca: Path) -> None:
    code, out, _ = await typed("probe", *await served("self-signed", "healthy"), "--ca", str(ca), "--format", "junit")
    suite = ET.fromstring(out)[0]
    assert code == 1
    assert [len(case.findall("failure")) for case in suite.iter("testcase")] == [1, 0]
    failure = suite.find(".//failure")
    assert failure is not None
    assert failure.get("type") == "self-signed"


async def test_all_is_well_gives_0_and_a_certificate_about_to_end_fails_only_if_asked(served: Serve, ca: Path) -> None:
    arguments = ["probe", *await served("ending"), "--ca", str(ca)]
    assert (await typed(*arguments))[0] == 0
    assert (await typed(*arguments, "--fail-on", "expiring"))[0] == 1
    assert (await typed(*arguments, "--fail-on", "expiring=3"))[0] == 0


async def test_a_host_that_cannot_be_reached_is_never_0(ca: Path, unused_tcp_port: int) -> None:
    code, out, _ = await typed("probe", f"127.0.0.1:{unused_tcp_port}", "--ca", str(ca))
    assert code == 3
    assert "Not reached" in out


async def test_hosts_come_from_a_file_too(served: Serve, ca: Path, tmp_path: Path) -> None:
    arguments = await served("healthy")
    hosts = tmp_path / "hosts.txt"
    hosts.write_text(f"# ours\n{arguments[0]}  # the desk\n\n", encoding="utf-8")
    assert (await typed("probe", f"@{hosts}", *arguments[1:], "--ca", str(ca)))[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [("ftp://desk.test",), ("desk.test:0",), ("desk.test", "--resolve", "x"), ("@/nowhere",), ("a b",), ()],
)
async def test_wrong_usage_is_2_with_a_sentence(arguments: tuple[str, ...]) -> None:
    code, out, err = await typed("probe", *arguments)
    assert (code, out) == (2, "")
    assert "Error" in err
    assert "Traceback" not in err


async def test_a_file_that_is_no_root_is_2(tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("nothing", encoding="utf-8")
    code, _, err = await typed("probe", "desk.test", "--ca", str(tmp_path / "no.pem"))
    assert code == 2
    assert "no.pem" in err


async def test_one_of_several_addresses_that_shows_an_old_certificate_is_told_apart(
    authority: Authority, ca: Path
) -> None:
    """The load balancer's lottery: the same name and port, another machine, last month's certificate."""
    async with (
        await serve(authority, ["desk.test"], None) as good,
        await serve(authority, ["desk.test"], None, "expired", address="127.0.0.2", port=good.port),
    ):
        place = f"desk.test:{good.port}"
        code, out, _ = await typed(
            "probe", place, "--resolve", f"{place}:127.0.0.1,127.0.0.2", "--ca", str(ca), "--format", "json"
        )
    told = {h["address"]: h["causes"] for h in json.loads(out)["hosts"]}
    assert told == {"127.0.0.1": [], "127.0.0.2": ["expired"]}
    assert code == 1


async def test_an_intermediate_that_another_host_sends_proves_that_this_one_keeps_it_back(
    served: Serve, ca: Path
) -> None:
    _, out, _ = await typed(
        "probe", *await served("incomplete-chain", "healthy"), "--ca", str(ca), "--offline", "--format", "json"
    )
    first = json.loads(out)["hosts"][0]
    assert first["causes"] == ["incomplete-chain"]
    assert first["evidence"]["facts"]["missing"] == "completed"


async def test_addresses_that_show_the_same_are_one_and_unreached_ones_do_not_count(
    authority: Authority, ca: Path, unused_tcp_port: int
) -> None:
    trust = TrustStore.load([ca])
    async with await serve(authority, ["desk.test"], None) as front:
        seen = [await probe("desk.test", front.port, address="127.0.0.1", trust=trust) for _ in range(2)]
        gone = await probe("desk.test", front.port, address="127.0.0.3", trust=trust, timeout=1)
    assert distinct([*seen, gone]) == seen[:1]
    assert distinct([gone]) == [gone]
    outcome = judge_host(gone, gone.observed_at)
    assert exit_code([outcome], expiring=False) == 3
    assert 'errors="1"' in junit([outcome])
