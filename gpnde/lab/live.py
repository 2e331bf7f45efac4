"""Live runs: simulations beside the notebook, which any thread may start, watch, pause and stop.

A worker thread runs one job after the other: the runs of one call of `start`. It ends when there is no job,
so that an unused lab leaves no thread. The lock is never held while a run goes on or a listener is called.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Literal

from gpnde.engine.recording.observation import Observation
from gpnde.engine.simulate import simulate
from gpnde.errors import GpndeError
from gpnde.lab.job import Ended, Job, told
from gpnde.lab.pace import Pace
from gpnde.lab.tidying import tidy_up
from gpnde.numerics.collector import collector_back
from gpnde.plugin.host import plugin_host
from gpnde.plugin.lookout import LOOKOUT
from gpnde.results.run import Run
from gpnde.scenario.schema import Scenario

RunState = Literal["idle", "running", "paused", "stopped", "done", "failed"]
OnFrame = Callable[[str, Run, float, float], None]
OnDone = Callable[[dict[str, Run], RunState, str], None]

_PATIENCE = 5.0
"""How long a worker may take to give up a run before it is left behind in a call of a plugin that hangs (s)."""


class LiveRuns:
    """Executes runs in a worker thread, one job at a time; a new job replaces the one before.

    The listeners are called in the worker thread, never two at a time. *on_frame* gets the name of a run, what is known
    of it so far, the simulated day and the horizon (days); a run that is done before the last one is a frame, too.
    *on_done* gets, once per job that no other replaced, the runs by name, how it ended and what there is to say, in one
    line: an error, or what went wrong in *on_frame*. Where it was stopped, the runs are what was known then.
    """

    def __init__(
        self,
        on_frame: OnFrame,
        on_done: OnDone,
        frames_per_second: float = 10.0,
        on_compile: Callable[[], None] | None = None,
    ) -> None:
        """Tell these listeners, with at most so many frames a second.

        *on_compile* is called where this machine has to compile the fast loops first, which takes half a minute once
        and cannot be stopped.
        """
        self._on_frame, self._on_done, self._on_compile = on_frame, on_done, on_compile
        self._pace = Pace(frames_per_second)
        self._changed = threading.Condition()
        self._state: RunState = "idle"
        self._message = ""
        self._job: Job | None = None
        self._next: Job | None = None
        self._worker: threading.Thread | None = None
        self._alarm: threading.Timer | None = None
        self._alarms: list[threading.Timer] = []
        self._is_closed = False
        self._known: dict[str, tuple[object, Run]] = {}

    @property
    def state(self) -> RunState:
        """What the newest job is about; before the first one, ``idle``."""
        return self._state

    @property
    def message(self) -> str:
        """What there was to say about the last job that ended, in one line; empty if all was well."""
        return self._message

    def start(self, scenarios: Mapping[str, Scenario], seed: int = 1, replication: int = 0) -> None:
        """Run scenarios by name, one after the other, all under the same random numbers; return at once.

        What is running gives way, unless it is just this. A run that is known from before is not repeated.

        Raises
        ------
        GpndeError
            The runs are closed.
        """
        job = Job(dict(scenarios), seed, replication, plugin_host())
        with self._changed:
            if self._is_closed:
                raise GpndeError(where="start", expected="these runs are closed: open the dashboard again")
            if self._state == "running" and (self._next or self._job) == job:
                return
            self._give_up("replaced")
            self._next = job
            self._state = "running"
            self._employ()

    def pause(self) -> None:
        """Hold the run at its next recorded time, and show it as it is then; nothing where none is running."""
        self._turn("running", "paused")

    def resume(self) -> None:
        """Resume a paused run, if there is one."""
        self._turn("paused", "running")

    def stop(self) -> None:
        """End the run, and report what is known up to now; return at once."""
        with self._changed:
            if self._state in ("running", "paused"):
                self._state = "stopped"
                self._give_up("stopped")

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing is under way, at most so long (s); return whether that is so."""
        with self._changed:
            return self._changed.wait_for(lambda: self._worker is None, seconds)

    def close(self) -> None:
        """End everything without another word, and wait for the worker; nothing can be started afterwards."""
        with self._changed:
            self._is_closed = True
            if self._state in ("running", "paused"):
                self._state = "stopped"
            self._give_up("replaced")
            self._known.clear()
            worker = self._worker
        if worker is not None and worker is not threading.current_thread():
            worker.join(_PATIENCE)
        with self._changed:
            self._set_alarm(None)
        for alarm in self._alarms:
            if alarm is not threading.current_thread():
                alarm.join(_PATIENCE)

    def _turn(self, before: RunState, after: RunState) -> None:
        with self._changed:
            if self._state == before:
                self._state = after
                self._changed.notify_all()

    def _give_up(self, reason: Literal["stopped", "replaced"]) -> None:
        """Stop current and queued jobs; check later whether the worker has returned."""
        for job in (self._job, self._next):
            if job is not None:
                # A job that was replaced stays so, or a stop that comes later would have its end reported.
                job.ending = job.ending if job.ending == "replaced" else reason
        if reason == "replaced":
            self._next = None
        if self._job is not None and self._alarm is None:
            self._set_alarm(_PATIENCE)
        self._changed.notify_all()

    def _set_alarm(self, seconds: float | None) -> None:
        """Look after the worker in so many seconds, or not at all."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None if seconds is None else threading.Timer(seconds, self._leave_behind)
        self._alarms = [alarm for alarm in self._alarms if alarm.is_alive()]
        if self._alarm is not None:
            self._alarm.name, self._alarm.daemon = "gpnde-live-alarm", True
            self._alarm.start()
            self._alarms.append(self._alarm)

    def _leave_behind(self) -> None:
        """Continue without a worker whose plugin does not return; its thread ends with the plugin or the program."""
        with self._changed:
            # A timer that was cancelled too late still gets here, and the job may have ended meanwhile.
            if self._alarm is not threading.current_thread() or self._job is None or self._worker is None:
                return
            job, awaited = self._job, LOOKOUT.awaited(self._worker)
            self._set_alarm(None if awaited else _PATIENCE)
            if not awaited:
                return
            job.hanging = f"{awaited} has not returned: its thread goes on until the program ends"
        self._report(job)
        with self._changed:
            if self._job is job:
                self._job = self._worker = None
                self._changed.notify_all()
            if self._next is not None:
                self._employ()

    def _employ(self) -> None:
        """Make sure that a worker runs, which will find the next job."""
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="gpnde-live-runs", daemon=True)
            self._worker.start()

    def _work(self) -> None:
        while (job := self._take()) is not None:
            self._carry_out(job)
            if not job.hanging:
                self._report(job)
            # Else this name would keep the runs of the job alive while memory is tidied up.
            del job
            tidy_up()

    def _take(self) -> Job | None:
        """Return the next job; without one the worker is through."""
        with self._changed:
            if self._worker is not threading.current_thread():
                return None
            self._set_alarm(None)
            self._job, self._next = self._next, None
            if self._job is None:
                self._worker = None
                self._changed.notify_all()
            return self._job

    def _carry_out(self, job: Job) -> None:
        """Do the runs of a job; whatever happens is noted in it."""
        try:
            for number, name in enumerate(job.scenarios, start=1):
                job.runs[name] = self._run(job, name)
                self._hold(job)
                if number < len(job.scenarios):
                    self._show(job, name, job.runs[name])
        except Ended:
            pass
        # Not only Exception: the thread must come to a good end whatever plugins and listeners raise.
        except BaseException as error:
            job.fault = "" if job.ending else told(error)

    def _run(self, job: Job, name: str) -> Run:
        """Return the finished run of that name, from memory if it is known."""
        self._hold(job)
        identity = job.identity(name)
        # A copy, since the loop writes into the dictionary and `close` in another thread clears it.
        for known, run in list(self._known.values()):
            if known == identity:
                self._known[name] = known, run
                return run
        run = simulate(
            job.scenarios[name],
            seed=job.seed,
            replication=job.replication,
            on_compile=self._on_compile,
            watch=lambda moment: self._look(job, name, moment),
        )
        self._known[name] = identity, run
        return run

    def _look(self, job: Job, name: str, moment: Observation) -> None:
        """Show a moment of a run if it is time, hold the run while it is paused, and end it on demand."""
        if job.ending == "replaced":
            raise Ended
        if moment.day == 0:
            # Not earlier: building and compiling earn no frames.
            self._pace.begin()
        if job.ending or self._state == "paused":
            job.runs[name] = moment.run()
            if not job.ending:
                self._show(job, name, job.runs[name], moment)
            self._hold(job)
        elif self._pace.is_due():
            with self._pace.frame():
                job.runs[name] = moment.run()
                self._show(job, name, job.runs[name], moment)

    def _hold(self, job: Job) -> None:
        """Wait while the job is paused; raise `Ended` if it is to end."""
        with self._changed:
            if self._state == "paused" and not job.ending:
                with self._pace.standing_still(), collector_back():
                    self._changed.wait_for(lambda: job.ending or self._state != "paused")
        if job.ending:
            raise Ended

    def _show(self, job: Job, name: str, run: Run, moment: Observation | None = None) -> None:
        """Hand over a frame; a listener that fails gets no more of this job, and the job goes on."""
        if job.frame_fault or job.ending:
            return
        days = float(run.scenario["clock"]["days"]) if moment is None else moment.days
        day = days if moment is None else moment.day
        try:
            self._on_frame(name, run, day, days)
        except Exception as error:
            job.frame_fault = f"picture of {name} on day {day:g}: {told(error)}"

    def _report(self, job: Job) -> None:
        """Say how a job ended, unless another one has replaced it."""
        with self._changed:
            if job.ending == "replaced":
                return
            self._state, self._message = job.outcome, job.fault or job.hanging or job.frame_fault
        try:
            # Outside the lock: a listener may call `start`, and another thread may wait for the lock.
            self._on_done(dict(job.runs), job.outcome, self._message)
        except Exception as error:
            self._message = f"end of the run: {told(error)}"
