"""The run request, with each field declared once.

The command line, trustwalk.yml, the page, the API and `--server` all fill this request. `explorer.request.resolve` then
replaces the names of personas and journeys with the objects that a run needs.

To add an option, add a field here, and use it where it takes effect. CONTRIBUTING.md has the recipe.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from explorer.request.credential import Credential, Login
from explorer.request.fail_on import DEFAULT, WORDS, FailOn, parse_fail_on
from explorer.request.manners import Allowed, Contact, NeverPress, OnlyUnder, Rate, ReadOnly, TestSystem, Yes
from explorer.request.option import Option
from explorer.request.parsing import EachOf, ResolveEntry, Seconds, UserOnly, WithoutToken, checked_fail_on
from explorer.request.scope import checked_origin
from explorer.request.spread import AtOnce, ShardField

P = TypeVar("P")
J = TypeVar("J")
Word = Annotated[str, Field(max_length=80)]
Evidence = Literal["har", "trace", "film", "none"]
"""Files that can be kept of a session beside the journal: a HAR, a Playwright trace, and an animation of its steps."""
KEPT: frozenset[Evidence] = frozenset({"har", "trace"})


class RequestFields(BaseModel, Generic[P, J]):
    """The fields of a run request. `P` is the type of its personas and `J` of its journeys: names in RunRequest,
    objects in RunOptions."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    target: Annotated[
        str,
        StringConstraints(max_length=2_000, strip_whitespace=True),
        Option(
            "The target: a web address, a package, or one of each.",
            key="target",
            at_server="takes",
            page="Address",
            written=tuple[str, ...],
            sample="https://support.example/",
        ),
    ] = ""
    """The web address of the app, or the name of its package if there is no web address."""
    personas: Annotated[
        tuple[P, ...],
        Field(max_length=50),
        EachOf,
        Option(
            "Personas that explore (default: curious).",
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
            "Rows of devices.yml (default: desktop; for an APK, the only attached Android device).",
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
            "User name for the target. The password comes from a prompt; TRUSTWALK_LOGIN can hold both.",
            "--login",
            "USER",
            at_server="takes",
            page="Login for the app",
            written=UserOnly,
        ),
    ] = Field(default=None, exclude=True)
    """trustwalk.yml holds only the user name, because the file may be committed."""
    storage_state: Annotated[
        Path | None, Option("File of cookies and storage, as Playwright saves it.", "--storage-state", exists=True)
    ] = None
    steps: Annotated[
        int,
        Field(ge=1, le=10_000),
        Option(
            "Maximum number of actions in each session.",
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
            "Time limit of each session, such as 90s or 5m.",
            "--time",
            "5m",
            at_server="takes",
            sample="10m",
            note="a limit; steps make runs repeatable",
        ),
    ] = None
    """The limit in seconds. None means that there is no limit."""
    seed: Annotated[
        int,
        Field(ge=-(2**63), lt=2**63),
        Option(
            "Seed of the random choices: the same seed and app give the same actions.",
            "--seed",
            show_default=True,
            at_server="takes",
            sample="1",
        ),
    ] = 1
    out: Annotated[
        str | None,
        Option("Folder of the run (default: trustwalk-runs/<time>-<target>).", "--out", "DIR|-", at_server="here"),
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
            "Another origin that belongs to the app.",
            "--allow-origin",
            "ORIGIN",
            at_server="takes",
            sample='["https://help.example"]',
            note="more origins that belong to the app",
        ),
    ] = ()
    login_at: Annotated[
        tuple[Annotated[str, Field(max_length=300), AfterValidator(checked_origin)], ...],
        Field(max_length=50),
        Option(
            "Another origin at which the login may be typed: an identity provider.",
            "--login-at",
            "ORIGIN",
            at_server="takes",
            sample='["https://login.example"]',
            note="where else the login may be typed: an identity provider",
        ),
    ] = ()
    """The login may also be typed at the target's own site and at `allow_origins`.

    An origin consists of scheme, host and port. A host without a scheme stands for https."""
    allow: Allowed = frozenset()
    test_system: TestSystem = False
    read_only: ReadOnly = False
    never_press: NeverPress = ()
    only_under: OnlyUnder = ()
    rate: Rate = None
    at_once: AtOnce = None
    shard: ShardField = None
    contact: Contact = ""
    yes: Yes = False
    fail_on: Annotated[
        str,
        AfterValidator(checked_fail_on),
        Option(
            f"Outcomes that fail the build: {', '.join(WORDS)}[=DAYS].",
            "--fail-on",
            "WORDS",
            show_default=True,
            choices=WORDS,
            at_server="here",
            sample=DEFAULT,
            note="also: degraded, other, expiring, expiring=14",
        ),
    ] = DEFAULT
    require: Annotated[
        tuple[Word, ...],
        EachOf,
        Option(
            "Journeys that must be found and attempted.",
            "--require",
            "ID…",
            words=True,
            at_server="here",
            sample="[start-chat]",
            note="must be found and attempted",
        ),
    ] = ()
    baseline: Annotated[
        Path | None,
        Option(
            "Fail only on failures that this earlier run did not have.",
            "--baseline",
            exists=True,
            folder=True,
            at_server="here",
            sample="last-good/report.json",
            note="fail only on failures that it did not have",
        ),
    ] = None
    evidence: Annotated[
        frozenset[Evidence],
        EachOf,
        AfterValidator(lambda words: words - {"none"}),
        Option(
            "Recordings to keep of each session: a HAR, a trace if something failed, a film of all "
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
            "Explore on a machine that runs «trustwalk serve», instead of on this one. Give its address, with the token in it or in TRUSTWALK_TOKEN.",
            "--server",
            "URL",
            at_server="here",
            written=WithoutToken,
            sample='"http://desk.example:8484/"',
            note="explore at a `trustwalk serve`; its token in TRUSTWALK_TOKEN",
        ),
    ] = None
    """trustwalk.yml holds the address without its token, because the file may be committed."""
    private: Annotated[
        bool,
        Option(
            "TARGET is on your own machine or network, so private addresses may be reached, too. With --server, this "
            "means the machine or network of the server.",
            "--private",
            at_server="takes",
            page="It is on my own machine or network",
        ),
    ] = False
    audit: Annotated[
        bool,
        Option(
            "Check each new screen for other faults: accessibility, cookies, forms.",
            "--audit/--no-audit",
            show_default=True,
            at_server="takes",
            page="Check for other faults: accessibility, cookies, forms",
            sample="false",
            note="do not check accessibility, cookies and forms",
        ),
    ] = True
    real_pace: Annotated[
        bool,
        Option(
            "Pause between actions for as long as the persona's pace says. Without this option, there are no pauses.",
            "--real-pace",
            at_server="takes",
            sample="true",
            note="pause between actions for as long as the persona does",
        ),
    ] = False
    headed: Annotated[bool, Option("Show the browser.", "--headed")] = False
    proxy: Annotated[
        bool | None,
        Option(
            "Route the connections of the app or browser through an observing proxy.  [default: on emulators only]",
            "--proxy/--no-proxy",
            at_server="ignores",
        ),
    ] = None
    keep_data: Annotated[
        bool | None,
        Option(
            "Keep the data of an app on its device, or clear them before each session.  [default: clear them, except on a "
            "phone that had the app before]",
            "--keep-data/--clear-data",
            at_server="ignores",
            sample="true",
            note="an app's data on its device are kept; to clear them, use the command line",
        ),
    ] = None
    app: Annotated[
        str, Field(pattern=r"^([0-9a-f]{64})?$"), Option("SHA-256 of an uploaded package.", at_server="takes")
    ] = ""
    expiring_days: Annotated[
        int | None,
        Field(ge=0, le=3_650),
        Option(
            "Days before expiry at which a certificate becomes a finding (default: a third of its lifetime).",
            at_server="takes",
        ),
    ] = None
    with_login: bool = False
    """Whether there was a login. A server stores this instead of the login."""

    @property
    def failing(self) -> FailOn:
        """The outcomes that fail a build."""
        return parse_fail_on(self.fail_on)


class RunRequest(RequestFields[Word, Word]):
    """A run request with names of personas and journeys, for the web app at `target` or for a package."""
