"""A whole run: sessions side by side, then probes, counter-proofs, verdicts and findings; the journal takes it all down."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from explorer import __version__
from explorer.devices.browser_setup import SetupError
from explorer.devices.devices import Device, load_devices
from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.policy.policy import Policy
from explorer.request.addresses import endpoint_named, is_private, on_site, same_site
from explorer.request.resolve import RunOptions
from explorer.run.android import Android, Prepared
from explorer.run.attachments import make_attachments
from explorer.run.findings import contradicted, findings_of
from explorer.run.keeping import file_name, keep_film, keep_graph, keep_log, keep_recordings
from explorer.run.outcome import Outcome
from explorer.run.probing import diagnose_hosts, hosts_seen, keep_chains, read_net_log
from explorer.run.session import Feed, Finish, Session, SessionPlan
from explorer.run.unnamed import settle_unnamed
from explorer.run.web_network import WebProxies
from explorer.surfaces.surface import Surface, SurfaceGone
from explorer.surfaces.web.browser import Browser
from explorer.surfaces.web.recorder import Recorder
from explorer.targets.error import TargetError
from flows.graph import FlowGraph
from flows.incident import Incident
from flows.journey import permit
from flows.judge.blame import settle_ambiguous
from flows.judge.verdict import CONTROL, Judged, controls_wanted, judge_session, proof_outcome, proofs_wanted
from flows.session import Endpoint
from personas.persona import Persona
from reports.journal.events import (
    Broken,
    Diagnosed,
    Event,
    FindingMade,
    IncidentFound,
    Journal,
    RunStarted,
    SignalSeen,
    VerdictReached,
)

Listener = Callable[[Event], None]
OpenSession = Callable[[SessionPlan], Awaitable[tuple[Surface, Feed, Finish]]]
"""A surface for one session and what makes signals of its records. Raises SurfaceGone."""


class Run:
    """Explores one target with every persona × device that was asked for.

    `out` is the run's folder, made by the caller. Listeners hear each event after it was journalled. With `android`
    the target is an app on its devices, and `options.devices` are its names for them.
    """

    def __init__(
        self, options: RunOptions, out: Path, listeners: Sequence[Listener] = (), *, android: Android | None = None
    ) -> None:
        self.android = android
        self.options = options
        self.out = out
        self.journal = Journal(out / "journal.jsonl")
        self.listeners = tuple(listeners)
        self.graph = FlowGraph()
        self.outcome = Outcome()
        self.sessions: list[Session] = []
        self._audited: dict[str, set[str]] = {}  # device → screens that were looked at on it
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._proxied: Mapping[Endpoint, str] | None = None
        """Where the observing proxy found each host, if the browser went through one."""

    def stop_session(self, session: str) -> bool:
        """End one session and leave the others alone; what it saw is judged. False if it is not under way."""
        task = self._tasks.get(session)
        return task is not None and task.cancel()

    def say(self, event: Event) -> None:
        self.journal.write(event)
        for listener in self.listeners:
            listener(event)

    async def explore(self) -> Outcome:
        """Run to the end, or until Ctrl-C: then judge what was seen so far. The caller renders and ends the journal."""
        options = self.options
        started = RunStarted(
            run=self.out.name, target=self._target(), started=time.time(), seed=options.seed, version=__version__,
            wanted=tuple(j.id for j in options.journeys), titles={j.id: j.title for j in options.journeys},
            options={
                "personas": [p.name for p in options.personas], "devices": list(options.devices),
                "steps": options.steps, "login": options.login is not None, "allow": sorted(options.allow),
                "evidence": sorted(options.evidence),
            },
        )  # fmt: skip
        self.say(started)
        try:
            await self._observe()
        except asyncio.CancelledError:
            self._interrupted()
        self.outcome.logs = [s.log() for s in self.sessions if s.steps]
        await self._judge()
        keep_graph(self.out, self.graph)
        return self.outcome

    def _target(self) -> str:
        """What was asked for: a site, an app, or both of the same service."""
        both = self.android is not None and "://" in self.options.target and self.android.file
        return f"{self.options.target} and {self.android.file}" if both and self.android else self.options.target

    def _interrupted(self) -> None:
        """Take note of Ctrl-C, and go on to tell what was seen until then."""
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        self.outcome.interrupted = True

    async def _observe(self) -> None:
        """The observed sessions: nothing is let past here."""
        options = self.options
        files = make_attachments(self.out / "attachments", options.seed)
        async with asyncio.TaskGroup() as group:
            for name in filter(self._is_android, options.devices):
                assert self.android is not None
                group.create_task(self._on_device(self.android, name, files))
            if browsers := [name for name in options.devices if not self._is_android(name)]:
                group.create_task(self._in_browser(browsers, files))

    async def _in_browser(self, names: Sequence[str], files: dict[str, Path]) -> None:
        """All sessions of all browser profiles; a browser that does not start leaves other devices alone."""
        try:
            await self._browse(names, files)
        except (SurfaceGone, SetupError) as gone:
            self._broken("browser", str(gone))
            self.outcome.problem = str(gone)

    def _is_android(self, device: str) -> bool:
        return self.android is not None and device in self.android.devices

    async def _browse(self, names: Sequence[str], files: dict[str, Path]) -> None:
        options = self.options
        devices = load_devices(options.devices_file)
        gate = asyncio.Semaphore(options.at_once)
        proxies = WebProxies(options.resolve, only_resolved=options.only_resolved) if options.proxy else None
        async with (
            proxies or contextlib.nullcontext(),
            Browser(
                ca=options.ca, resolve=options.resolve, only_resolved=options.only_resolved, headed=options.headed,
                netlog=self.out / "evidence" / "netlog.json",
            ) as browser,
            asyncio.TaskGroup() as group,
        ):  # fmt: skip
            for device in names:
                for persona in options.personas:
                    plan = self._plan(persona, device)
                    self._tasks[plan.id] = group.create_task(
                        self._session(self._web(browser, devices.named(device), proxies), plan, files, gate)
                    )
        self._proxied = proxies.addresses if proxies else None

    async def _on_device(self, android: Android, name: str, files: dict[str, Path]) -> None:
        """All sessions of one Android device, one after the other; what befalls it leaves other devices alone."""
        gate = asyncio.Semaphore(1)
        try:
            opened = android.devices[name](self.out / "evidence" / "android", self.say)
            async with opened as ready, asyncio.TaskGroup() as group:
                for persona in self.options.personas:
                    plan = self._plan(persona, name)
                    self._tasks[plan.id] = group.create_task(
                        self._session(self._app(android, ready), plan, files, gate)
                    )
        except (SurfaceGone, TargetError) as error:
            self._broken(name, str(error))
            self.outcome.problem, self.outcome.unfit = str(error), isinstance(error, TargetError)

    def _app(self, android: Android, ready: Prepared) -> OpenSession:
        async def opened(plan: SessionPlan) -> tuple[Surface, Feed, Finish]:
            return ready.make(), *android.monitor(plan.id, self.say, proxied=ready.proxied)

        return opened

    def _web(self, browser: Browser, device: Device, proxies: WebProxies | None = None) -> OpenSession:
        async def opened(plan: SessionPlan) -> tuple[Surface, Feed, Finish]:
            monitor = BrowserMonitor(plan.id)
            proxied = await proxies.open(monitor, plan.id) if proxies else None
            surface = await browser.surface(
                plan.id, self.options.target, device, storage_state=self.options.storage_state,
                let_past=frozenset(map(endpoint_named, plan.counter_proof)) - {CONTROL}, recorder=self._recorder(plan),
                signs_in=self._own if self.options.login else None, through=proxied.through if proxied else None,
            )  # fmt: skip
            return (surface, proxied.feed, proxied.finish) if proxied else (surface, monitor.feed, monitor.finish)

        return opened

    def _recorder(self, plan: SessionPlan) -> Recorder | None:
        """Observed sessions are recorded; a counter-proof shows what no user ever saw."""
        kinds = self.options.evidence & {"har", "trace"}
        if not kinds or plan.counter_proof:
            return None
        secrets = {self.options.login.password.reveal()} if self.options.login else set[str]()
        return Recorder(self.out / "evidence", file_name(plan.id), kinds, secrets)

    def _own(self, url: str) -> bool:
        return on_site(url, same_site(self.options.target, self.options.allow_origins))

    def _plan(self, persona: Persona, device: str) -> SessionPlan:
        options = self.options
        return SessionPlan(
            id=f"{persona.name}@{device}", persona=persona, device=device, target=options.endpoint,
            journeys=permit(options.journeys, options.allow), budget=options.steps,
            deadline=time.time() + options.time if options.time else None,
            note=self.android.note if self.android and self._is_android(device) else "",
        )  # fmt: skip

    async def _session(
        self, open_session: OpenSession, plan: SessionPlan, files: dict[str, Path], gate: asyncio.Semaphore
    ) -> None:
        """One session; whatever goes wrong in it is journalled and leaves the others alone."""
        async with gate:
            try:
                surface, feed, finish = await open_session(plan)
            except SurfaceGone as gone:
                self._broken(plan.id, str(gone))
                self.outcome.problem = str(gone)
                return
            session = Session(
                plan=plan, surface=surface, policy=self._policy(plan, files), feed=feed, finish=finish, say=self.say,
                graph=self.graph if not plan.counter_proof else FlowGraph(), folder=self._screens() if self.options.screenshots else None,
                film="film" in self.options.evidence, audited=self._audited.setdefault(plan.device, set()) if self.options.audit and not plan.counter_proof else None,
            )  # fmt: skip
            self.sessions.append(session)
            try:
                await session.explore()
            except Exception as error:  # noqa: BLE001 - a fault of ours in one session must not cost the others their results
                self._broken(plan.id, f"The session broke down: {type(error).__name__}: {error}")
            finally:
                await surface.close()
            if session.gone:
                self.outcome.problem = session.gone

    def _screens(self) -> Path:
        folder = self.out / "screens"
        folder.mkdir(exist_ok=True)
        return folder

    def _policy(self, plan: SessionPlan, files: dict[str, Path]) -> Policy:
        options = self.options
        sites = same_site(options.target, options.allow_origins)
        private = is_private(options.endpoint[0]) or options.only_resolved
        return Policy(
            plan.persona, plan.journeys, random.Random(f"{options.seed}:{plan.persona.name}"),
            login=options.login.reveal() if options.login else None,
            allow=options.allow, site=lambda url: on_site(url, sites), files=files,
            hostile_ok=private or "hostile" in options.allow, single_submission=not private,
        )  # fmt: skip

    async def _judge(self) -> None:
        """Probe, correlate, repeat what failed with one host let past, and write down what comes of it."""
        outcome = self.outcome
        judged: dict[str, Judged] = {}
        proofs: dict[tuple[str, str, int], str] | None = None
        try:
            await self._diagnose()
            judged = {log.session: judge_session(log, outcome.diagnoses) for log in outcome.logs}
            if self.options.counter_proof and not outcome.interrupted and not outcome.problem:
                proofs = await self._counter_proofs(judged)
        except asyncio.CancelledError:
            self._interrupted()
        for log in outcome.logs:
            result = judge_session(log, outcome.diagnoses, None if self._is_android(log.device) else proofs)
            for signal in (s for s in settle_ambiguous(log, outcome.diagnoses).signals if s not in log.signals):
                self.say(SignalSeen(signal))  # what the probe made of it; it replaces the line of the same id
            for incident in result.incidents:
                self.say(IncidentFound(incident))
            for verdict in result.verdicts:
                self.say(VerdictReached(verdict))
            judged[log.session] = result
            outcome.verdicts += result.verdicts
        incidents = [i for result in judged.values() for i in result.incidents]
        self._keep(incidents)
        outcome.findings = findings_of(outcome.logs, incidents, outcome.diagnoses, self.options.expiring_days)
        outcome.findings += [
            f for s in self.sessions if not s.plan.counter_proof for f in contradicted(s.log(), s.handshakes.values())
        ]
        outcome.findings += (*self.android.findings, *self.android.noted) if self.android else ()
        for finding in outcome.findings:
            self.say(FindingMade(finding))

    def _keep(self, incidents: Sequence[Incident]) -> None:
        """What goes with the verdicts, for those who want to look closer."""
        folder, sessions = self.out / "evidence", [s for s in self.sessions if not s.plan.counter_proof]
        kept = keep_recordings(folder, [s.plan.id for s in sessions], self.outcome.verdicts)
        secrets = {self.options.login.password.reveal()} if self.options.login else set[str]()
        for session in sessions:
            mine = [i for i in incidents if i.session == session.plan.id]
            kept += keep_log(folder, session.log(), session.lines, mine, secrets)
            if session.film:
                kept += keep_film(folder, self.out, session.plan.id, session.steps)
        for event in kept:
            self.say(event)

    async def _diagnose(self) -> None:
        """Ask each host that was seen for its own side."""
        outcome, options = self.outcome, self.options
        if not options.probe or not outcome.logs:
            return
        netlog = self.out / "evidence" / "netlog.json"
        told = read_net_log(netlog, hosts_seen(outcome.logs))
        if self._proxied is not None:  # to the browser, every server was where our proxy is
            told = {host: replace(log, address=self._proxied.get(host, "")) for host, log in told.items()}
        netlog.unlink(missing_ok=True)  # it may hold tokens in URLs; what matters of it goes into the evidence
        outcome.diagnoses = await diagnose_hosts(outcome.logs, options, told)
        if self.android is not None:
            await self._name_hosts(self.android)
        keep_chains(self.out / "evidence", outcome.diagnoses.values())
        for diagnosis in outcome.diagnoses.values():
            self.say(Diagnosed(diagnosis))

    async def _name_hosts(self, android: Android) -> None:
        """Where a device's log names no host: one of the package's, if the probe leaves no other."""
        outcome = self.outcome
        logs, diagnoses, open_ = await settle_unnamed(android, outcome.logs, self.options, outcome.diagnoses)
        for before, after in zip(outcome.logs, logs, strict=True):
            for signal in (s for s in after.signals if s not in before.signals):
                self.say(SignalSeen(signal))  # it replaces the line of the same id
        outcome.logs = logs
        outcome.diagnoses |= diagnoses
        android.noted.extend(open_)

    async def _counter_proofs(self, judged: dict[str, Judged]) -> dict[tuple[str, str, int], str]:
        """Each TLS-failed journey once more, in a marked session that lets only that host past; doubtful ones once more
        with nothing let past, too."""
        wanted: dict[tuple[str, Endpoint], SessionPlan] = {}
        by_id = {s.plan.id: s.plan for s in self.sessions}
        for session, result in judged.items():
            if self._is_android(by_id[session].device):
                continue  # no way to let one host past on a device
            for journey, host in proofs_wanted(result):
                if (journey, host) not in wanted:
                    wanted[journey, host] = self._proof_plan(by_id[session], journey, host)
            for journey in controls_wanted(result):
                wanted.setdefault((journey, CONTROL), self._proof_plan(by_id[session], journey, CONTROL))
        if not wanted:
            return {}
        options = self.options
        devices = load_devices(options.devices_file)
        files = make_attachments(self.out / "attachments", options.seed)
        first = len(self.sessions)
        gate = asyncio.Semaphore(options.at_once)
        try:
            async with (
                Browser(
                    ca=options.ca, resolve=options.resolve, only_resolved=options.only_resolved, headed=options.headed
                ) as browser,
                asyncio.TaskGroup() as group,
            ):
                for plan in wanted.values():
                    group.create_task(self._session(self._web(browser, devices.named(plan.device)), plan, files, gate))
        except SurfaceGone as gone:
            self._broken("counter-proof", str(gone))
            return {}
        logs = {s.plan.id: s.log() for s in self.sessions[first:]}
        observed = {log.session: log for log in self.outcome.logs}
        return {
            (journey, *host): proof_outcome(logs[plan.id], journey, host, observed.get(plan.of_session))
            for (journey, host), plan in wanted.items()
            if plan.id in logs
        }

    def _proof_plan(self, plan: SessionPlan, journey: str, host: Endpoint) -> SessionPlan:
        needed = next((j.needs for j in plan.journeys if j.id == journey), ())
        journeys = tuple(
            sorted((j for j in plan.journeys if j.id in (journey, *needed)), key=lambda j: j.id != journey)
        )
        return SessionPlan(
            id=f"{plan.id}+{journey}+{host[0]}", persona=plan.persona, device=plan.device, target=plan.target,
            journeys=journeys, budget=plan.budget, counter_proof=(f"{host[0]}:{host[1]}",), of_session=plan.id, goal=journey,
            note="counter-proof: one host let past" if host != CONTROL else "control: nothing let past",
        )  # fmt: skip

    def _broken(self, where: str, what: str) -> None:
        self.say(Broken(time=time.time(), session="", where=where, what=what))
