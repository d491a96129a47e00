"""The office that the web serves: its programme, its stage and its two stores."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dokja.adapters.folders import ProgrammeFolder
from dokja.adapters.store import SqlActLog, open_act_log
from dokja.lineage import shipped_rules
from dokja.programme import Rulebook, rules_digest
from dokja.settings import Settings
from dokja.stage import StageInputs, read_stage
from dokja.stage.values import StagePlan
from dokja.wiring.stages import find_programme

RECORD = "office.sqlite"


@dataclass(frozen=True, kw_only=True)
class OfficeRequest:
    """Which programme and stage are served, and where the office keeps its work."""

    programme: str
    stage: str
    work: Path


@dataclass(frozen=True, kw_only=True)
class Office:
    """Everything that a page may ask or act on."""

    request: OfficeRequest
    rulebook: Rulebook
    rules_digest: str
    inputs: StageInputs
    """What the organiser prepared; sheets and ballots in it are not used here."""
    is_example: bool
    log: SqlActLog
    clock: Callable[[], datetime]

    def now(self) -> datetime:
        """This moment in the zone of the stage's schedule."""
        zone = datetime.fromisoformat(self.plan.schedule.decided).tzinfo
        return self.clock().astimezone(zone)

    @property
    def plan(self) -> StagePlan:
        """The plan of the stage."""
        return self.inputs.plan


@contextmanager
def open_office(
    request: OfficeRequest, *, settings: Settings, clock: Callable[[], datetime]
) -> Iterator[Office]:
    """The office, its stores opened and brought up to date.

    Raises: what reading the programme and opening the store raise.
    """
    programme = find_programme(request.programme)
    inputs = _read(programme, request.stage)
    request.work.mkdir(parents=True, exist_ok=True)
    address = settings.database or f"sqlite:///{(request.work / RECORD).resolve()}"
    with open_act_log(address) as log:
        yield Office(
            request=request,
            rulebook=inputs.rulebook,
            rules_digest=rules_digest(inputs.rulebook),
            inputs=inputs,
            is_example=programme.demo_seed is not None,
            log=log,
            clock=clock,
        )


def _read(programme: ProgrammeFolder, stage: str) -> StageInputs:
    return read_stage(programme.stage_texts(stage), lineage_rules=shipped_rules())
