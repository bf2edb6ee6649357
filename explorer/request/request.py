"""All that a run can be asked for, each field once. The command line, trustwalk.yml, the page, the API and `--server` fill
it; `resolve` turns it into what a run takes.

To add an option, add a field here, and use it where it acts: CONTRIBUTING.md has the recipe.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from explorer.request.credential import Credential, Login
from explorer.request.fail_on import WORDS, FailOn, parse_fail_on
from explorer.request.option import Option
from explorer.request.parsing import EachOf, ResolveEntry, Seconds, UserOnly, WithoutToken, checked_fail_on

P = TypeVar("P")
J = TypeVar("J")
Word = Annotated[str, Field(max_length=80)]
Allow = Literal["payment", "delete", "hostile", "call", "mail"]
"""What is only done for real if `--allow` names it."""
Evidence = Literal["har", "trace", "film", "none"]
"""What can be kept of a session beside the journal: HAR and trace of a web session, and one moving picture of its steps."""
KEPT: frozenset[Evidence] = frozenset({"har", "trace"})


class RequestFields(BaseModel, Generic[P, J]):
    """What is asked of a run; `P` stands for its personas and `J` for its journeys: names at first, then themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    target: Annotated[
        str,
        StringConstraints(max_length=2_000, strip_whitespace=True),
        Option(
            "What is explored: a web address, a package, or one of each.",
            key="target",
            at_server="takes",
            page="Address",
            written=tuple[str, ...],
            sample="https://support.example/",
        ),
    ] = ""
    """The web address, or the name of a package without one."""
    personas: Annotated[
        tuple[P, ...],
        Field(max_length=50),
        EachOf,
        Option(
            "Who explores (default: curious).",
            "--persona",
            "NAME…|all",
            words=True,
            at_server="takes",
            page="Who explores",
            sample="[curious, impatient, novice]",
            note="or all; `trustwalk personas` lists them",
        ),
    ] = ()
    journeys: Annotated[
        tuple[J, ...],
        Field(max_length=100),
        EachOf,
        Option(
            "Journeys to look for (default: all).",
            "--journey",
            "ID…",
            words=True,
            at_server="takes",
            page="Journeys",
            sample="[start-chat, submit-ticket]",
            note="default: all; `trustwalk journeys` lists them",
        ),
    ] = ()
    devices: Annotated[
        tuple[Word, ...],
        Field(max_length=20),
        EachOf,
        Option(
            "Rows of devices.yml (default: desktop; for an APK the only Android device attached).",
            "--device",
            "NAME…",
            words=True,
            at_server="takes",
            page="Device",
            sample="[desktop, phone]",
            note="rows of devices.yml",
        ),
    ] = ()
    devices_file: Annotated[Path | None, Option("Another devices.yml.", "--devices")] = None
    login: Annotated[
        Login | None,
        Option(
            "Credentials for the target; the password comes from a prompt, or all from TRUSTWALK_LOGIN.",
            "--login",
            "USER",
            at_server="takes",
            page="Login for the app",
            written=UserOnly,
        ),
    ] = Field(default=None, exclude=True)
    """In trustwalk.yml the user's name only: a password has no place in a file that is committed."""
    storage_state: Annotated[
        Path | None, Option("Cookies and storage as Playwright saves them.", "--storage-state", exists=True)
    ] = None
    steps: Annotated[
        int,
        Field(ge=1, le=10_000),
        Option(
            "Budget of each session.",
            "--steps",
            show_default=True,
            at_server="takes",
            page="Steps at most, each",
            sample="200",
            note="actions of each session",
        ),
    ] = 200
    time: Annotated[
        Seconds | None,
        Option(
            "Cap on each session's time.",
            "--time",
            "5m",
            at_server="takes",
            sample="10m",
            note="a cap; the seed counts in steps",
        ),
    ] = None
    """In seconds."""
    seed: Annotated[
        int, Option("Same seed, same app: same actions.", "--seed", show_default=True, at_server="takes", sample="1")
    ] = 1
    out: Annotated[
        str | None,
        Option("Where the run goes (default: trustwalk-runs/<time>-<target>).", "--out", "DIR|-", at_server="here"),
    ] = None
    formats: Annotated[
        tuple[Word, ...],
        EachOf,
        Option(
            "Reports to write.",
            "--format",
            "NAME…",
            words=True,
            at_server="here",
            sample="[html, json, junit]",
        ),
    ] = ()
    ca: Annotated[
        tuple[Path, ...],
        Option(
            "A private root to trust in this run only.",
            "--ca",
            exists=True,
            sample="[private-root.pem]",
            note="a private root, for these runs only",
        ),
    ] = ()
    resolve: Annotated[
        tuple[ResolveEntry, ...],
        Option("As curl's.", "--resolve", "HOST:PORT:ADDRESS", sample='["support.example:443:127.0.0.1"]'),
    ] = ()
    allow_origins: Annotated[
        tuple[Annotated[str, Field(max_length=300)], ...],
        Field(max_length=50),
        Option(
            "A further origin that belongs to the app.",
            "--allow-origin",
            "ORIGIN",
            at_server="takes",
            sample='["https://help.example"]',
            note="more origins that belong to the app",
        ),
    ] = ()
    allow: Annotated[
        frozenset[Allow],
        EachOf,
        Option(
            "What may be done for real.",
            "--allow",
            "payment,delete,hostile…",
            words=True,
            at_server="takes",
            page="What may be done for real (nothing, unless ticked)",
            sample="[payment]",
            note="what may be done for real",
            labels={
                "payment": "Pay",
                "delete": "Delete things",
                "call": "Call somebody",
                "mail": "Send mail",
                "hostile": "Type malformed input",
            },
        ),
    ] = frozenset()
    fail_on: Annotated[
        str,
        AfterValidator(checked_fail_on),
        Option(
            f"What fails the build: {', '.join(WORDS)}[=DAYS].",
            "--fail-on",
            "WORDS",
            show_default=True,
            choices=WORDS,
            at_server="here",
            sample="failed,blocked",
            note="also: degraded, other, expiring, expiring=14",
        ),
    ] = "failed,blocked"
    require: Annotated[
        tuple[Word, ...],
        EachOf,
        Option(
            "Journeys that must be found and tried.",
            "--require",
            "ID…",
            words=True,
            at_server="here",
            sample="[start-chat]",
            note="must be found and tried",
        ),
    ] = ()
    baseline: Annotated[
        Path | None,
        Option(
            "Only what is new against this run fails.",
            "--baseline",
            exists=True,
            folder=True,
            at_server="here",
            sample="last-good/report.json",
            note="only what is new against it fails",
        ),
    ] = None
    evidence: Annotated[
        frozenset[Evidence],
        EachOf,
        AfterValidator(lambda words: words - {"none"}),
        Option(
            "What to keep of each session to look closer: a HAR, a trace of those in which something failed, a film of all "
            "steps (default: har trace).",
            "--evidence",
            "har,trace,film|none",
            words=True,
            at_server="ignores",
            sample="[har, trace]",
            note="also: film; or none",
        ),
    ] = KEPT
    server: Annotated[
        Credential | None,
        Option(
            "Explore there and not here: the address of a «trustwalk serve», its token in it or in TRUSTWALK_TOKEN.",
            "--server",
            "URL",
            at_server="here",
            written=WithoutToken,
            sample='"http://desk.example:8484/"',
            note="explore at a `trustwalk serve`; its token in TRUSTWALK_TOKEN",
        ),
    ] = None
    """In trustwalk.yml without its token, which has no place in a file that is committed either."""
    private: Annotated[
        bool,
        Option(
            "With --server: TARGET is on the server's own machine or network, and meant.",
            "--private",
            at_server="takes",
            page="It is on my own machine or network",
        ),
    ] = False
    audit: Annotated[
        bool,
        Option(
            "Look at each new screen for what else is amiss: accessibility, cookies, forms.",
            "--audit/--no-audit",
            show_default=True,
            at_server="takes",
            page="Look for what else is amiss: accessibility, cookies, forms",
            sample="false",
            note="leave out accessibility, cookies and forms",
        ),
    ] = True
    real_pace: Annotated[
        bool,
        Option(
            "Pause between two actions as long as each persona does; without it they go on at once.",
            "--real-pace",
            at_server="takes",
            sample="true",
            note="pause between actions as long as the persona does",
        ),
    ] = False
    headed: Annotated[bool, Option("Show the browser.", "--headed")] = False
    proxy: Annotated[
        bool | None,
        Option(
            "Let the app's or browser's connections pass through an observing proxy.  [default: on emulators only]",
            "--proxy/--no-proxy",
            at_server="ignores",
        ),
    ] = None
    app: Annotated[
        str, Field(pattern=r"^([0-9a-f]{64})?$"), Option("SHA-256 of an uploaded package.", at_server="takes")
    ] = ""
    expiring_days: Annotated[
        int | None,
        Field(ge=0, le=3_650),
        Option(
            "Days before its end from which on a certificate is a finding (default: a third of its lifetime).",
            at_server="takes",
        ),
    ] = None
    with_login: bool = False
    """What is written down of a login: that there was one."""

    @property
    def failing(self) -> FailOn:
        """What fails a build."""
        return parse_fail_on(self.fail_on)


class RunRequest(RequestFields[Word, Word]):
    """A run as it is asked for, by names: of the web app at `target`, or of a package."""
