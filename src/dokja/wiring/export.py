"""What the office hands on to `dokja stage run`, as files of the stage's folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.folders.whole_file import written_beside
from dokja.contest.published.published_contest import FILE as CONTEST
from dokja.contest.users.trials import TrialsPhase
from dokja.errors import NotAllowed, Unavailable
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Text
from dokja.independence.reply import REPLY, reply_book
from dokja.wiring.contest_record import contest_record
from dokja.wiring.office import Office
from dokja.wiring.programmes import find_programme

BALLOTS, REPLIES = "ballots.json", "replies.json"
REPLY_NOTE = Text(
    ko="팀이 소명 기간에 팀 창구에서 제출한 소명입니다.",
    en="Replies that teams handed in through the portal while the window was open.",
)


@dataclass(frozen=True, kw_only=True)
class Exported:
    """A file that was written, and what it holds."""

    path: Path
    entries: int
    is_in_stage: bool
    """Whether it lies in the stage's folder, so that a run takes it as it is."""


def export_ballots(office: Office) -> Exported:
    """`ballots.json`: every ballot of the invited users.

    Raises: NotAllowed while ballots are still taken.
    """
    keeper = office.trials
    if keeper is None or keeper.phase is not TrialsPhase.CLOSED:
        raise NotAllowed(
            "the user evaluation is not closed",
            remedy="close it first; a ballot may still come in",
            korean="이용자 평가가 아직 마감되지 않았습니다. 먼저 마감하십시오.",
        )
    box = keeper.box()
    return _written(office, BALLOTS, canonical_bytes(box), len(box.ballots))


def export_replies(office: Office) -> Exported:
    """`replies.json`: every reply that was handed in, as far as it has come."""
    plan = office.plan
    acts = office.store.acts.of_kind(plan.programme, plan.stage, REPLY)
    book = reply_book(acts, note=REPLY_NOTE)
    return _written(office, REPLIES, canonical_bytes(book), len(book.replies))


def export_contest(office: Office) -> Exported:
    """`contest.json`: the contest as the stage takes it over.

    Raises: NotAllowed before its result and its votes were published.
    """
    if office.keeper is None:
        raise NotAllowed(
            "the stage has no contest",
            remedy="the stage goes on without it",
            korean="이 단계에는 공개투표가 없습니다.",
        )
    found = contest_record(office.keeper)
    return _written(office, CONTEST, canonical_bytes(found), len(found.votes))


def stage_files(office: Office) -> tuple[Path, bool]:
    """Where such files are written, and whether that is the stage's own folder.

    What was installed with Dokja is never written to: a shipped programme's files
    go into the office's work, to be copied.
    """
    request = office.request
    if Path(request.programme).is_dir():
        return find_programme(request.programme).stage_folder(request.stage), True
    return request.work / "export" / request.stage, False


def _written(office: Office, name: str, data: bytes, entries: int) -> Exported:
    folder, is_in_stage = stage_files(office)
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written_beside(path, data).replace(path)
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be written: {error}",
            remedy="give the office a folder that it may write to",
        ) from error
    return Exported(path=path, entries=entries, is_in_stage=is_in_stage)
