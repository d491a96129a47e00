"""The background thread that turns jobs into lines, syncs them and signs heads."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dokja.errors import Conflict
from dokja.evidence.hash_tree import HashTree
from dokja.training.lines import (
    NOTHING_BEFORE,
    line_hash,
    line_of,
    moment_text,
    read_line,
)
from dokja.training.tree_heads import read_head, signed_head
from dokja.training.values import (
    AnyEvent,
    End,
    Gap,
    GapReason,
    Init,
    RecordedCheckpoint,
    Resume,
    Rollback,
    Start,
    Step,
    TreeHead,
)
from dokja.wiring.recording import Recording

QUEUED = 4096
HEAD_EVENTS, HEAD_SECONDS = 1000, 60.0
_SYNC_EVENTS, _SYNC_SECONDS = 256, 1.0
_IDLE_SECONDS = 0.5

Place = dict[str, Any]
Make = Callable[[Place], AnyEvent]
"""Makes the event from its place in the log; may take its time."""


@dataclass(frozen=True)
class _Job:
    make: Make
    at: datetime
    mono_us: int
    dropped: int
    """Jobs before it for which the queue had no room."""
    lost: int
    """Jobs before it that could not be made."""


class LogWriter:
    """The one writer of a log; `put` never waits and never raises."""

    def __init__(
        self,
        recording: Recording,
        origin: str,
        *,
        clock: Callable[[], datetime],
        on_head: Callable[[int, str], None],
        queued: int = QUEUED,
    ) -> None:
        """Takes up the log where it ends; nothing runs before `start`.

        Raises: InvalidInput where the log is broken; Conflict where it was closed.
        """
        self._files, self._signer = recording.files, recording.signer
        self._origin, self._clock, self._on_head = origin, clock, on_head
        self._jobs: queue.Queue[_Job | None] = queue.Queue(queued)
        self._guard = threading.Lock()
        self._dropped = self._lost = 0
        self._failed = 0
        self.tree = HashTree()
        self._before = NOTHING_BEFORE
        self.checkpoints: list[tuple[int, str]] = []
        """Number and root of each checkpoint of the log."""
        self.parent: str | None = None
        """Root of the state that training goes on from."""
        self.latest_root = ""
        """Hex root of the newest head, which chooses the next coordinates."""
        self.origin_before = ""
        """`team/run` of the log that is gone on with."""
        self.tokens = 0
        """Tokens trained on by the last step that was there when it was opened."""
        self._headed = self._synced = 0
        self._last_head = self._last_sync = time.monotonic()
        self._thread = threading.Thread(
            target=self._run, name="dokja-recorder", daemon=True
        )
        self._take_up()

    @property
    def is_new(self) -> bool:
        """Whether nothing was recorded yet."""
        return len(self.tree) == 0

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, make: Make) -> None:
        """Hand over a job; where there is no room it is counted as missed."""
        with self._guard:
            try:
                self._jobs.put_nowait(self._job(make))
            except queue.Full:
                self._dropped += 1
            else:
                self._dropped = self._lost = 0

    def lose(self) -> None:
        """Count a job that could not even be made."""
        with self._guard:
            self._lost += 1

    def close(self, make: Make, *, seconds: float) -> bool:
        """Write what is queued, then the last event; whether that worked in time."""
        try:
            self._jobs.put(self._job(make), timeout=seconds)
            self._jobs.put(None, timeout=seconds)
        except queue.Full:
            return False
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _job(self, make: Make) -> _Job:
        mono = time.monotonic_ns() // 1000
        return _Job(make, self._clock(), mono, self._dropped, self._lost)

    def _take_up(self) -> None:
        event: AnyEvent | None = None
        for line in self._files.lines():
            event = read_line(line)
            self.tree.append(line)
            self._before = line_hash(line)
            self._follow(event)
            if isinstance(event, Step):
                self.tokens = event.tokens
            if isinstance(event, Start):
                self.origin_before = f"{event.team}/{event.run}"
        if isinstance(event, End):
            raise Conflict(
                "the record was closed", remedy="record a new run in a new folder"
            )
        self._synced = len(self.tree)
        for _, note in self._files.heads():
            head = read_head(note).head
            if self._headed < head.size <= len(self.tree):
                # It may carry cosignatures, so it is not signed again.
                self._headed, self.latest_root = head.size, head.root.hex()

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=_IDLE_SECONDS)
            except queue.Empty:
                self._attempt(self._keep_up)
                continue
            if job is None:
                break
            self._write(job)
            self._attempt(self._keep_up)
        self._attempt(self._sign_head)

    def _write(self, job: _Job) -> None:
        """Appends the job's event, after a gap for whatever was missed before it."""
        if job.dropped:
            self._append_gap(GapReason.QUEUE_FULL, job.dropped, job)
        if job.lost:
            self._append_gap(GapReason.NOT_RECORDED, job.lost, job)
        if self._failed:
            self._append_gap(GapReason.RECORDER_ERROR, self._failed, job)
        try:
            self._append(job.make(self._place(job)))
        except Exception as error:  # noqa: BLE001 - recording must not stop training
            self._failed += 1
            self._append_gap(
                GapReason.RECORDER_ERROR, self._failed, job, type(error).__name__
            )

    def _append_gap(
        self, reason: GapReason, missed: int, job: _Job, detail: str = ""
    ) -> None:
        try:
            place = self._place(job)
            self._append(Gap(reason=reason, missed=missed, detail=detail, **place))
        except Exception:  # noqa: BLE001 - the disk may be full; the next event tells
            if reason is not GapReason.RECORDER_ERROR:
                self._failed += missed
        else:
            if reason is GapReason.RECORDER_ERROR:
                self._failed = 0

    def _place(self, job: _Job) -> Place:
        return {
            "seq": len(self.tree),
            "prev": self._before,
            "at": moment_text(job.at),
            "mono_us": job.mono_us,
        }

    def _append(self, event: AnyEvent) -> None:
        line = line_of(event)
        read_line(line)  # A line that no reader takes must not get into the log.
        self._files.append([line])
        self.tree.append(line)
        self._before = line_hash(line)
        self._follow(event)
        if isinstance(event, Init | RecordedCheckpoint):
            self._sign_head()

    def _follow(self, event: AnyEvent) -> None:
        if isinstance(event, Init):
            self.parent = event.root
        elif isinstance(event, RecordedCheckpoint):
            self.checkpoints.append((event.seq, event.root))
            self.parent = event.root
        elif isinstance(event, Resume | Rollback):
            self.parent = event.checkpoint or self.parent

    def _keep_up(self) -> None:
        now, size = time.monotonic(), len(self.tree)
        fresh = size - self._synced
        if fresh >= _SYNC_EVENTS or (fresh and now - self._last_sync >= _SYNC_SECONDS):
            self._files.sync()
            self._synced, self._last_sync = size, now
        fresh = size - self._headed
        if fresh >= HEAD_EVENTS or (fresh and now - self._last_head >= HEAD_SECONDS):
            self._sign_head()

    def _sign_head(self) -> None:
        size = len(self.tree)
        if size == self._headed:
            return
        self._files.sync()
        root = self.tree.root()
        note = signed_head(
            TreeHead(origin=self._origin, size=size, root=root), self._signer
        )
        self._files.write_head(size, note)
        self._headed = self._synced = size
        self._last_head = self._last_sync = time.monotonic()
        self.latest_root = root.hex()
        self._on_head(size, note)

    def _attempt(self, what: Callable[[], None]) -> None:
        try:
            what()
        except Exception:  # noqa: BLE001 - tried again with the next event
            return


def now_in_utc() -> datetime:
    """The wall clock of this machine, which a witness's clock is held against."""
    return datetime.now(UTC)
