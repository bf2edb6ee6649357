"""Opens and runs the sessions of a run: browsers and devices side by side, and counter-proofs in marked sessions."""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from explorer.devices.browser_setup import SetupError
from explorer.devices.devices import SiteDevice, load_devices
from explorer.evidence.redacting import shareable_har
from explorer.monitors.browser.monitor import BrowserMonitor
from explorer.policy.ledger import Ledger
from explorer.policy.permission import Permission
from explorer.policy.policy import Policy
from explorer.request.account import Account
from explorer.request.addresses import endpoint_named, on_site, same_site
from explorer.request.reach import Reach
from explorer.request.resolve import RunOptions
from explorer.request.state_file import stored_state
from explorer.request.storage import tokens, within
from explorer.run.agent import agent
from explorer.run.android import Android, Prepared
from explorer.run.attachments import make_attachments
from explorer.run.evidence_files import file_name
from explorer.run.login_tries import LoginTries
from explorer.run.login_use import LoginUse
from explorer.run.parallel import at_once, planned, this_machine
from explorer.run.proof_plans import dates_only, proof_plan
from explorer.run.rate import Rate
from explorer.run.reach import reach
from explorer.run.robots import robots_address
from explorer.run.session import Feed, Finish, Session
from explorer.run.session_plan import SessionPlan
from explorer.run.web_network import WebProxies
from explorer.surfaces.surface import Surface, SurfaceGone
from explorer.surfaces.web.browser import Browser
from explorer.surfaces.web.recorder import Recorder
from explorer.targets.error import TargetError
from flows.diagnosis import Diagnosis
from flows.effects import new_token
from flows.graph import FlowGraph
from flows.journey import permit
from flows.judge.proof import CONTROL
from flows.judge.run import ProofWanted
from flows.session import Endpoint, SessionLog
from personas.persona import Persona
from reports.journal.events import Broken, Event, SessionEnded, SessionStarted

LIVE_RATE = 3
"""Most actions per second on a public target, over all sessions, unless `--rate` sets another limit."""


OpenSession = Callable[[SessionPlan], Awaitable[tuple[Surface, Feed, Finish]]]
"""Opens a session's surface. Also returns the functions that turn its records into signals. Raises SurfaceGone."""


class Sessions:
    """All sessions of one run. `out` is the run's folder. `say` is called with each event.

    If `android` is given, its devices explore an app. All other names in `options.devices` are browsers. `problem` is a
    sentence if something could not be explored. `unfit` says that the app does not run on the device.
    """

    def __init__(self, options: RunOptions, out: Path, android: Android | None, say: Callable[[Event], None]) -> None:
        self.options, self.out, self.android, self.say = options, out, android, say
        self.graph = FlowGraph()
        self.observed: list[Session] = []
        self.proofs: list[Session] = []
        self.problem = ""
        self.unfit = False
        self.proxied: Mapping[Endpoint, str] | None = None
        """The address at which the observing proxy reached each host. None without a proxy."""
        self.robots = ""
        """The text of the target's robots.txt. Empty if it was not requested or does not exist."""
        self.planned = planned(options.devices, [p.name for p in options.personas], options.shard)
        self.at_once = at_once(options.at_once, len(self.planned), this_machine(), public=options.public)
        part = options.shard if options.shard and options.shard.of > 1 else None
        self._ledger = (
            Ledger(f"part 1/{part.of} of the run" if part and part.number > 1 else "") if options.public else None
        )
        per_second = options.rate or (LIVE_RATE if options.public else 0)
        self._rate = Rate(per_second) if per_second else None
        self.tries = LoginTries(most=1) if part else LoginTries()
        self.stored = stored_state(options.storage_state)  # read once: the file may change while the run goes on
        self._state = within(self.stored, options.scope)[0] if self.stored else None
        self.netlog = Path(tempfile.mkdtemp(prefix="trustwalk-netlog-")) / "netlog.json"
        """The browser's net log. It may hold typed text, so it is kept in a temporary folder."""
        self._audited: dict[str, set[str]] = {}  # device → screens that were looked at on it
        self._reachable: Reach | None = None
        self._dates_only: frozenset[Endpoint] = frozenset()
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def stop(self, session: str) -> bool:
        """End one session. The others continue, and what the session saw is judged. False if it is not running."""
        task = self._tasks.get(session)
        return task is not None and task.cancel()

    def clear(self) -> None:
        """Remove the browser's net log."""
        shutil.rmtree(self.netlog.parent, ignore_errors=True)

    def logs(self) -> list[SessionLog]:
        """The observed sessions that did anything."""
        return [s.log() for s in self.observed if s.steps]

    @property
    def recorded(self) -> list[str]:
        """The ids of the sessions that a browser records."""
        return [s.plan.id for s in self.observed if not self._is_android(s.plan.device)]

    async def observe(self) -> None:
        """Run the observed sessions. They ignore no certificate errors."""
        options = self.options
        async with asyncio.TaskGroup() as group:
            names = [name for name in options.devices if name in {device for device, _ in self.planned}]
            for name in filter(self._is_android, names):
                assert self.android is not None
                group.create_task(self._on_device(self.android, name))
            if browsers := [name for name in names if not self._is_android(name)]:
                group.create_task(self._in_browser(browsers))

    async def prove(
        self, wanted: Sequence[ProofWanted], diagnoses: Mapping[Endpoint, Diagnosis]
    ) -> list[SessionLog] | None:
        """Repeat each wanted journey in a counter-proof session. None if the browser did not start.

        A counter-proof ignores the TLS errors of one host. If these are not only about dates, an attacker on the
        network path may answer for the host. On a public target, such a session gets neither the login nor stored
        cookies, because those for other hosts could reach the attacker, too. A session with login and cookies ignores
        only errors about dates, whatever certificate the host sends this time."""
        self._dates_only = dates_only(diagnoses.values())
        options = self.options
        by_id = {s.plan.id: s for s in self.observed}
        asked = [(by_id[proof.session], proof) for proof in wanted]
        plans = [proof_plan(seen.plan, proof.journey, proof.host, seen.steps) for seen, proof in asked]
        devices = load_devices(options.devices_file).sites({plan.device for plan in plans})
        gate = asyncio.Semaphore(self.at_once)
        try:
            async with (
                Browser(
                    ca=options.ca,
                    resolve=options.resolve,
                    only_resolved=options.only_resolved,
                    headed=options.headed,
                    agent=self._agent,
                ) as browser,
                asyncio.TaskGroup() as group,
            ):
                for plan in plans:
                    group.create_task(self._session(self._web(browser, devices[plan.device]), plan, gate))
        except SurfaceGone as gone:
            self._broken("counter-proof", str(gone))
            return None
        return [s.log() for s in self.proofs]

    async def _in_browser(self, names: Sequence[str]) -> None:
        """Run all sessions of all browser profiles. If the browser does not start, other devices continue."""
        try:
            await self._browse(names)
        except (SurfaceGone, SetupError) as gone:
            self._broken("browser", str(gone))
            self.problem = str(gone)

    @property
    def _agent(self) -> str:
        """The text that is added to the browser's user agent. Empty if the target is not public."""
        return agent(self.options.contact) if self.options.public else ""

    def _is_android(self, device: str) -> bool:
        return self.android is not None and device in self.android.devices

    async def _browse(self, names: Sequence[str]) -> None:
        options = self.options
        devices = load_devices(options.devices_file).sites(names)
        gate = asyncio.Semaphore(self.at_once)
        proxies = WebProxies(options.resolve, only_resolved=options.only_resolved) if options.proxy else None
        async with (
            proxies or contextlib.nullcontext(),
            Browser(
                ca=options.ca,
                resolve=options.resolve,
                only_resolved=options.only_resolved,
                headed=options.headed,
                netlog=self.netlog,
                agent=self._agent,
            ) as browser,
            asyncio.TaskGroup() as group,
        ):
            if options.public:
                self.robots = await browser.read(robots_address(options.target))
            for device in names:
                for plan in self._plans(device):
                    self._tasks[plan.id] = group.create_task(
                        self._session(self._web(browser, devices[device], proxies), plan, gate)
                    )
        self.proxied = proxies.addresses if proxies else None

    async def _on_device(self, android: Android, name: str) -> None:
        """Run all sessions of one Android device, one after the other. If the device fails, other devices continue."""
        gate = asyncio.Semaphore(1)
        try:
            opened = android.devices[name](self.out / "evidence" / "android", self.say)
            async with opened as ready, asyncio.TaskGroup() as group:
                for plan in self._plans(name):
                    self._tasks[plan.id] = group.create_task(self._session(self._app(android, ready), plan, gate))
        except (SurfaceGone, TargetError) as error:
            self._broken(name, str(error))
            self.problem, self.unfit = str(error), isinstance(error, TargetError)

    def _app(self, android: Android, ready: Prepared) -> OpenSession:
        async def opened(plan: SessionPlan) -> tuple[Surface, Feed, Finish]:
            return ready.make(self.options.account), *android.monitor(plan.id, self.say, proxied=ready.proxied)

        return opened

    def _web(self, browser: Browser, device: SiteDevice, proxies: WebProxies | None = None) -> OpenSession:
        async def opened(plan: SessionPlan) -> tuple[Surface, Feed, Finish]:
            monitor = BrowserMonitor(plan.id)
            proxied = await proxies.open(monitor, plan.id) if proxies else None
            let_past = frozenset(map(endpoint_named, plan.counter_proof)) - {CONTROL}
            surface = await browser.surface(
                plan.id,
                self.options.target,
                device,
                storage_state=self._state if self._takes_login(plan) else None,
                let_past=let_past,
                dates_only=self.options.public and self._takes_login(plan),
                recorder=self._recorder(plan),
                account=self._account(plan),
                through=proxied.through if proxied else None,
                reach=await self._reach(),
            )
            return (surface, proxied.feed, proxied.finish) if proxied else (surface, monitor.feed, monitor.finish)

        return opened

    def _takes_login(self, plan: SessionPlan) -> bool:
        """Whether a session may use login and cookies. A counter-proof on a public target may, if it ignores dates only."""
        let_past = {endpoint_named(place) for place in plan.counter_proof} - {CONTROL}
        return not self.options.public or let_past <= self._dates_only

    def _account(self, plan: SessionPlan) -> Account | None:
        """The account that a session may use, if any."""
        return self.options.account if self._takes_login(plan) else None

    async def _reach(self) -> Reach:
        """What the run may reach. The first call determines it, so that the target's name is resolved only once."""
        self._reachable = self._reachable or await reach(self.options)
        return self._reachable

    def _recorder(self, plan: SessionPlan) -> Recorder | None:
        """The session's recorder, if one is wanted. Counter-proofs are not recorded: they show what no user saw."""
        kinds = self.options.evidence & {"har", "trace"}
        if not kinds or plan.counter_proof:
            return None
        login = self.options.login
        secrets = (
            {login.password.reveal(), login.password.reveal().strip(), ":".join(login.reveal())}
            if login
            else set[str]()
        )
        secrets |= set(tokens(self.stored))
        return Recorder(self.out / "evidence", file_name(plan.id), kinds, secrets, shareable_har)

    def _plans(self, device: str) -> list[SessionPlan]:
        """The plans of the sessions on a device, in the order of the personas."""
        mine = {persona for name, persona in self.planned if name == device}
        return [self._plan(persona, device) for persona in self.options.personas if persona.name in mine]

    def _plan(self, persona: Persona, device: str) -> SessionPlan:
        options = self.options
        return SessionPlan(
            id=f"{persona.name}@{device}",
            persona=persona,
            device=device,
            target=options.endpoint,
            journeys=permit(options.journeys, options.allow),
            budget=options.steps,
            pace=persona.pace if options.real_pace else 0.0,
            note=self.android.note if self.android and self._is_android(device) else "",
        )

    async def _session(self, open_session: OpenSession, plan: SessionPlan, gate: asyncio.Semaphore) -> None:
        """Run one session. Its errors are journalled and do not stop other sessions."""
        async with gate:
            if self.options.time:  # counted from here, whoever had to wait for a device
                plan = replace(plan, deadline=time.time() + self.options.time)
            try:
                surface, feed, finish = await open_session(plan)
            except SurfaceGone as gone:
                self._broken(plan.id, str(gone))
                self.problem = str(gone)
                return
            except asyncio.CancelledError:
                self._stopped_while_opening(plan)
                raise
            session = Session(
                plan=plan,
                surface=surface,
                policy=self._policy(plan),
                turn=self._rate.turn if self._rate is not None else None,
                feed=feed,
                finish=finish,
                say=self.say,
                graph=self.graph if not plan.counter_proof else FlowGraph(),
                folder=self._screens() if self.options.screenshots else None,
                film="film" in self.options.evidence,
                login=LoginUse(self._account(plan), self.tries),
                audited=self._audited.setdefault(plan.device, set())
                if self.options.audit and not plan.counter_proof
                else None,
            )
            (self.proofs if plan.counter_proof else self.observed).append(session)
            try:
                await session.explore()
            except Exception as error:  # noqa: BLE001 - a fault of ours in one session must not cost the others their results
                self._broken(plan.id, f"The session broke down: {type(error).__name__}: {error}")
            finally:
                session.policy.give_back()
                await surface.close()
            if session.gone:
                self.problem = session.gone

    def _stopped_while_opening(self, plan: SessionPlan) -> None:
        """Journal a session that was stopped before its app was open, so that it appears in the report."""
        now = time.time()
        started = SessionStarted(
            plan.id,
            plan.persona.name,
            plan.device,
            now,
            plan.counter_proof,
            plan.of_session,
            tuple(j.id for j in plan.journeys),
            plan.note,
        )
        self.say(started)
        self.say(SessionEnded(session=plan.id, finished=now, why="interrupted", steps=0))

    def _screens(self) -> Path:
        folder = self.out / "screens"
        folder.mkdir(exist_ok=True)
        return folder

    def _policy(self, plan: SessionPlan) -> Policy:
        options = self.options
        sites = same_site(options.target, options.allow_origins)
        salt = f"{options.seed}:{plan.id}"
        permission = Permission(
            public=options.public,
            allow=frozenset(options.allow),
            read_only=options.read_only,
            never_press=options.never_press,
            only_under=options.only_under,
            start=options.target,
            site=lambda url: on_site(url, sites),
        )
        return Policy(
            plan.persona,
            plan.journeys,
            random.Random(f"{options.seed}:{plan.persona.name}"),
            login=self._account(plan) is not None,
            may_sign_in=options.scope.allows,
            allow=options.allow,
            site=lambda url: on_site(url, sites),
            files=make_attachments(self.out / "attachments", new_token(random.Random(f"{salt}:file"))),
            salt=salt,
            hostile_ok=not options.public or "hostile" in options.allow,
            single_submission=options.public,
            permission=permission,
            ledger=self._ledger,
            session=plan.of_session or plan.id,
            path=plan.path,
        )

    def _broken(self, where: str, what: str) -> None:
        self.say(Broken(time=time.time(), session="", where=where, what=what))
