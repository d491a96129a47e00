"""`dokja call`: what applicants hand in, and what the office finds of it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.call_acting import (
    Acting,
    acting_options,
    call_room,
    file_argument,
    keep,
)
from dokja.cli.desk import request_in

if TYPE_CHECKING:
    from dokja.call.applications.state import ApplicationState
    from dokja.wiring.calls import CallRoom

_call = click.argument("call_id", metavar="CALL")
_application = click.argument("application_id", metavar="APPLICATION")


@click.command()
@_call
@_application
@file_argument
@acting_options
def apply(call_id: str, application_id: str, file: Path, *, acting: Acting) -> None:
    """Write APPLICATION to CALL from FILE, or replace it while it is a draft."""
    from dokja.call.applications.state import APPLICATION
    from dokja.call.applications.submit import draft_application, revise_application
    from dokja.call.applications.values import Proposal
    from dokja.programme import Topic

    proposal = request_in(file, Proposal)
    with call_room(acting.programme, acting.work) as room:
        mandate = acting.mandate(room, Topic.CALL)
        if room.has_application(call_id, application_id):
            known = room.application(call_id, application_id)
            seen = acting.read(known.acts)
            act = revise_application(known, proposal, seen=seen, mandate=mandate)
        else:
            matter = room.matter(APPLICATION, f"{call_id}/{application_id}")
            state = room.call(call_id).state
            act = draft_application(matter, state, proposal, mandate=mandate)
        keep(room, acting, act)


@click.command()
@_call
@_application
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@acting_options
def submit(call_id: str, application_id: str, folder: Path, *, acting: Acting) -> None:
    """Hand in APPLICATION with the files of FOLDER; late ones are refused."""
    from dokja.call.applications.submit import submit_application
    from dokja.programme import Topic
    from dokja.wiring.calls import handed_in

    files = handed_in(folder)
    with call_room(acting.programme, acting.work) as room:
        found = room.application(call_id, application_id)
        act = submit_application(
            found,
            room.call(call_id).state,
            files,
            seen=acting.read(found.acts),
            mandate=acting.mandate(room, Topic.CALL),
        )
        keep(room, acting, act)


@click.command()
@_call
@_application
@acting_options
def withdraw(call_id: str, application_id: str, *, acting: Acting) -> None:
    """Withdraw APPLICATION; nothing follows from it."""
    from dokja.call.applications.submit import withdraw_application
    from dokja.programme import Topic

    with call_room(acting.programme, acting.work) as room:
        found = room.application(call_id, application_id)
        seen, mandate = acting.read(found.acts), acting.mandate(room, Topic.WITHDRAWAL)
        keep(room, acting, withdraw_application(found, seen=seen, mandate=mandate))


@click.command()
@_call
@_application
@file_argument
@acting_options
def amend(call_id: str, application_id: str, file: Path, *, acting: Acting) -> None:
    """Change the consortium of APPLICATION, with the reason; the lead stays."""
    from dokja.call.applications.submit import ConsortiumFile, amend_consortium
    from dokja.programme import Topic

    members = request_in(file, ConsortiumFile).members
    with call_room(acting.programme, acting.work) as room:
        found = room.application(call_id, application_id)
        seen, mandate = acting.read(found.acts), acting.mandate(room, Topic.CALL)
        keep(room, acting, amend_consortium(found, members, seen=seen, mandate=mandate))


@click.command()
@_call
@_application
@file_argument
@acting_options
def check(call_id: str, application_id: str, file: Path, *, acting: Acting) -> None:
    """Record what was found of a piece of earlier work: `entry`, `result`, `detail`."""
    from dokja.call.applications.examine import check_track
    from dokja.call.applications.values import TrackChecked
    from dokja.programme import Topic

    checked = request_in(file, TrackChecked)
    with call_room(acting.programme, acting.work) as room:
        found = room.application(call_id, application_id)
        seen, mandate = acting.read(found.acts), acting.mandate(room, Topic.CALL)
        keep(room, acting, check_track(found, checked, seen=seen, mandate=mandate))


@click.command()
@_call
@_application
@click.argument("entry")
@click.argument("report", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--reference", help="Which comparison of a scan is cited.")
@click.option("--holder", required=True, help="Who released the reference.")
@click.option(
    "--released",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day on which the reference was released; without it nothing is shown.",
)
@acting_options
def cite(
    call_id: str,
    application_id: str,
    entry: str,
    report: Path,
    *,
    reference: str | None,
    holder: str,
    released: datetime | None,
    acting: Acting,
) -> None:
    """Put a lineage REPORT beside the shown model ENTRY of APPLICATION.

    REPORT is what `dokja lineage compare --json` or `scan --json` printed. It finds
    nobody ineligible by itself: the applicant is heard first.
    """
    from dokja.call.applications.examine import cite_comparison
    from dokja.programme import Topic
    from dokja.wiring.calls import Citation, cited_comparison

    day: date | None = None if released is None else released.date()
    citation = Citation(
        report=report, entry=entry, reference=reference, holder=holder, released=day
    )
    cited = cited_comparison(citation)
    with call_room(acting.programme, acting.work) as room:
        found = room.application(call_id, application_id)
        seen = acting.read(found.acts)
        mandate = acting.mandate(room, Topic.INDEPENDENCE)
        keep(room, acting, cite_comparison(found, cited, seen=seen, mandate=mandate))


@click.command(name="ask-reply")
@_call
@_application
@file_argument
@acting_options
def ask_reply(call_id: str, application_id: str, file: Path, *, acting: Acting) -> None:
    """Show the applicant what speaks against it: `checks` and `facts` of FILE."""
    from dokja.call.applications.examine import ReplyRequest, ask_for_reply
    from dokja.programme import Topic

    request = request_in(file, ReplyRequest)
    with call_room(acting.programme, acting.work) as room:
        act = ask_for_reply(
            room.application(call_id, application_id),
            request,
            rulebook=room.rulebook,
            mandate=acting.mandate(room, Topic.REPLY),
        )
        keep(room, acting, act)


@click.command()
@_call
@_application
@file_argument
@acting_options
def reply(call_id: str, application_id: str, file: Path, *, acting: Acting) -> None:
    """Record the applicant's reply: `text`, and `files` with their digests."""
    from dokja.call.applications.examine import reply as give
    from dokja.call.applications.values import ApplicantReplied
    from dokja.programme import Topic

    given = request_in(file, ApplicantReplied)
    with call_room(acting.programme, acting.work) as room:
        found = room.application(call_id, application_id)
        act = give(
            found,
            given.text,
            given.files,
            seen=acting.read(found.acts),
            mandate=acting.mandate(room, Topic.REPLY),
        )
        keep(room, acting, act)


@click.command()
@_call
@_application
@acting_options
def eligibility(call_id: str, application_id: str, *, acting: Acting) -> None:
    """Find whether APPLICATION is looked at, as far as the checks decide it."""
    from dokja.call.applications.eligibility import find_eligibility
    from dokja.programme import Topic

    with call_room(acting.programme, acting.work) as room:
        act = find_eligibility(
            room.application(call_id, application_id),
            room.call(call_id).state,
            _states(room, call_id),
            rulebook=room.rulebook,
            mandate=acting.mandate(room, Topic.CALL),
        )
        keep(room, acting, act)


@click.command()
@_call
@_application
@file_argument
@acting_options
def settle(call_id: str, application_id: str, file: Path, *, acting: Acting) -> None:
    """Record what people found where the checks leave it open or a reply came.

    FILE holds `outcome`, at least two `reviewers` and their `opinion`.
    """
    from dokja.call.applications.eligibility import PeoplesFinding, settle_eligibility
    from dokja.programme import Topic

    finding = request_in(file, PeoplesFinding)
    with call_room(acting.programme, acting.work) as room:
        act = settle_eligibility(
            room.application(call_id, application_id),
            room.call(call_id).state,
            _states(room, call_id),
            finding,
            rulebook=room.rulebook,
            mandate=acting.mandate(room, Topic.CALL),
        )
        keep(room, acting, act)


@click.command()
@_call
@_application
@click.option(
    "--language",
    "languages",
    multiple=True,
    required=True,
    help="Language of the material; once for each.",
)
@acting_options
def present(
    call_id: str, application_id: str, *, languages: tuple[str, ...], acting: Acting
) -> None:
    """Record the presentation of APPLICATION and the languages of its material."""
    from dokja.call.applications.values import PresentationHeld
    from dokja.call.select import hold_presentation
    from dokja.programme import Topic

    with call_room(acting.programme, acting.work) as room:
        found = room.application(call_id, application_id)
        act = hold_presentation(
            found,
            room.call(call_id).state,
            PresentationHeld(languages=languages),
            seen=acting.read(found.acts),
            mandate=acting.mandate(room, Topic.CALL),
        )
        keep(room, acting, act)


def _states(room: CallRoom, call_id: str) -> list[ApplicationState]:
    return [file.state for file in room.applications(call_id)]
