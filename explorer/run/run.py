"""A whole run in its phases: observe, probe, judge, prove, judge again, report. Everything is journalled."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from explorer import __version__
from explorer.request.resolve import RunOptions
from explorer.request.storage import left_out_told, tokens, within
from explorer.run.android import Android
from explorer.run.credential_findings import credential_findings, without_repeats
from explorer.run.evidence_files import keep_film, keep_graph, keep_log, keep_recordings, lost_recordings
from explorer.run.findings import contradicted, findings_of
from explorer.run.limits_met import limit_findings
from explorer.run.probing import diagnose_hosts, diagnose_unasked, hosts_seen, keep_chains, read_net_log
from explorer.run.redaction import Redactor
from explorer.run.robots import robots_findings
from explorer.run.run_outcome import RunOutcome
from explorer.run.sessions import Sessions
from explorer.run.unnamed import settle_unnamed
from flows.incident import Finding, Incident, Severity
from flows.judge.run import Judgement, judge_run
from flows.judge.unobserved import likely_faults
from reports.journal.events import (
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


class Run:
    """Explores one target with every persona × device that was asked for.

    `out` is the run's folder, made by the caller. Listeners get each event after it is journalled. `android`
    holds the app and its devices, if an app is explored; all other names in `options.devices` are browsers.
    """

    def __init__(
        self, options: RunOptions, out: Path, listeners: Sequence[Listener] = (), *, android: Android | None = None
    ) -> None:
        self.android = android
        self.options = options
        self.out = out
        self.journal = Journal(out / "journal.jsonl")
        self.listeners = tuple(listeners)
        self.outcome = RunOutcome()
        self.sessions = Sessions(options, out, android, self.say)
        self.redactor = Redactor.of(options.account, options.target, tokens(self.sessions.stored))

    def stop_session(self, session: str) -> bool:
        """End one session. The others continue, and what the session saw is judged. False if it is not running."""
        return self.sessions.stop(session)

    def say(self, event: Event) -> None:
        """Journal an event, without the run's secrets, and pass it to the listeners."""
        event = self.redactor.event(event)
        self.journal.write(event)
        for listener in self.listeners:
            listener(event)

    async def explore(self) -> RunOutcome:
        """Run to the end or until Ctrl-C, and judge what was seen. The caller renders and ends the journal."""
        self.say(self._started())
        try:
            return await self._explored()
        finally:
            self.sessions.clear()

    async def _explored(self) -> RunOutcome:
        try:
            await self.sessions.observe()
        except asyncio.CancelledError:
            self._interrupted()
        outcome = self.outcome
        outcome.logs = self.sessions.logs()
        if self.android is not None:
            outcome.logs = self.android.marked(outcome.logs)
        outcome.problem, outcome.unfit = self.sessions.problem, self.sessions.unfit
        self._tell(await self._judgement())
        keep_graph(self.out, self.sessions.graph, self.redactor)
        return outcome

    def _started(self) -> RunStarted:
        options = self.options
        return RunStarted(
            run=self.out.name,
            target=self._target(),
            started=time.time(),
            seed=options.seed,
            version=__version__,
            wanted=tuple(j.id for j in options.journeys),
            titles={j.id: j.title for j in options.journeys},
            options={
                "personas": [p.name for p in options.personas],
                "devices": list(options.devices),
                "steps": options.steps,
                "endpoint": list(options.endpoint),
                "shard": str(options.shard) if options.shard else None,
                "sessions": len(self.sessions.planned),
                "at_once": self.sessions.at_once,
                "expiring_days": options.expiring_days,
                "login": options.login is not None,
                "allow": sorted(options.allow),
                "public": options.public,
                "read_only": options.read_only,
                "never_press": list(options.never_press),
                "only_under": list(options.only_under),
                "evidence": sorted(options.evidence),
            },
        )

    def _target(self) -> str:
        """The run's target as text: a site, an app, or both."""
        both = self.android is not None and "://" in self.options.target and self.android.file
        return f"{self.options.target} and {self.android.file}" if both and self.android else self.options.target

    def _interrupted(self) -> None:
        """Note the Ctrl-C and undo the cancellation, so that the run can still be judged."""
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
        self.outcome.interrupted = True

    async def _judgement(self) -> Judgement:
        """Probe and judge. Repeat failed journeys with the errors of one host ignored, and judge again with the
        results."""
        outcome = self.outcome
        proofs = None
        try:
            await self._diagnose()
            if self.options.counter_proof and not outcome.interrupted and not outcome.problem:
                wanted = judge_run(outcome.logs, outcome.diagnoses).proofs_wanted()
                proofs = await self.sessions.prove(wanted, outcome.diagnoses) if wanted else []
                outcome.problem = self.sessions.problem
        except asyncio.CancelledError:
            self._interrupted()
        return judge_run(outcome.logs, outcome.diagnoses, proofs)

    def _tell(self, judgement: Judgement) -> None:
        """Journal the settled signals, incidents, verdicts, evidence files and findings."""
        outcome = self.outcome
        for signal in judgement.settled(outcome.logs):
            self.say(SignalSeen(signal))  # what the probe made of it; it replaces the line of the same id
        for judged in judgement.sessions:
            for incident in judged.incidents:
                self.say(IncidentFound(incident))
            for verdict in judged.verdicts:
                self.say(VerdictReached(verdict))
        outcome.verdicts += judgement.verdicts
        lost = lost_recordings(self.out / "evidence", self.sessions.recorded, self.options.evidence)
        self._keep(judgement.incidents)
        outcome.findings = findings_of(
            [judged.log for judged in judgement.sessions],
            judgement.incidents,
            outcome.diagnoses,
            self.options.expiring_days,
            judgement.verdicts,
        )
        outcome.findings += [f for s in self.sessions.observed for f in contradicted(s.log(), s.handshakes.values())]
        met = [f for s in self.sessions.observed for f in credential_findings(s.plan.id, s.login.strays(s.policy))]
        met += [f for s in self.sessions.observed for f in limit_findings(s.plan.id, s.limits.met)]
        outcome.findings = [*without_repeats(met), *lost, *outcome.findings]
        outcome.findings += robots_findings(self.sessions.robots, self.options.target, outcome.logs)
        if left := within(self.sessions.stored, self.options.scope)[1]:
            outcome.findings.append(Finding(Severity.INFO, "storage-state-left-out", left_out_told(left)))
        if self.android is not None:
            likely = likely_faults(outcome.logs, outcome.verdicts, self.android.candidates)
            outcome.findings += (*likely, *self.android.findings, *self.android.noted)
        outcome.findings = [
            self.redactor.value(finding) for finding in outcome.findings
        ]  # the terminal prints them, too
        for finding in outcome.findings:
            self.say(FindingMade(finding))

    def _keep(self, incidents: Sequence[Incident]) -> None:
        """Write the logs and films that go with the verdicts, and journal all evidence files."""
        folder, sessions = self.out / "evidence", self.sessions.observed
        kept = keep_recordings(folder, [s.plan.id for s in sessions], self.outcome.verdicts)
        for session in sessions:
            mine = [i for i in incidents if i.session == session.plan.id]
            kept += keep_log(folder, session.log(), session.lines, mine, self.redactor)
            if session.film:
                kept += keep_film(folder, self.out, session.plan.id, session.steps)
        for event in kept:
            self.say(event)

    async def _diagnose(self) -> None:
        """Probe and diagnose each host that was seen, and keep its chain."""
        outcome, options = self.outcome, self.options
        if not options.probe or not outcome.logs:
            return
        told = read_net_log(self.sessions.netlog, hosts_seen(outcome.logs))
        if self.sessions.proxied is not None:  # to the browser, every server was where our proxy is
            told = {host: replace(log, address=self.sessions.proxied.get(host, "")) for host, log in told.items()}
        outcome.diagnoses = await diagnose_hosts(outcome.logs, options, told)
        outcome.diagnoses |= await diagnose_unasked(outcome.logs, options)
        if self.android is not None:
            await self._name_hosts(self.android)
        keep_chains(self.out / "evidence", outcome.diagnoses.values())
        for diagnosis in outcome.diagnoses.values():
            self.say(Diagnosed(diagnosis))

    async def _name_hosts(self, android: Android) -> None:
        """Name the host of failures whose log names no host, if the probes leave only one candidate in the package."""
        outcome = self.outcome
        logs, diagnoses, open_ = await settle_unnamed(android, outcome.logs, self.options, outcome.diagnoses)
        for before, after in zip(outcome.logs, logs, strict=True):
            known = {s.id: s for s in before.signals}
            for signal in (s for s in after.signals if known.get(s.id) != s):
                self.say(SignalSeen(signal))  # it replaces the line of the same id
        outcome.logs = logs
        outcome.diagnoses |= diagnoses
        android.noted.extend(open_)
