"""`dokja call`: what applicants hand in, and what the office finds of it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokja.cli.call_acting import (
    act_on_call,
    acting_options,
    application_argument,
    call_argument,
    file_argument,
    read,
    step_application,
)
from dokja.cli.desk import request_in

if TYPE_CHECKING:
    from dokja.evidence.values import Act
    from dokja.programme.matters import Mandate
    from dokja.wiring.calls import CallRoom


@click.command()
@call_argument
@application_argument
@file_argument
@acting_options
def apply(file: Path, **given: Any) -> None:
    """Write APPLICATION to CALL from FILE, or replace it while it is a draft."""
    from dokja.call.applications.state import APPLICATION
    from dokja.call.applications.submit import draft_application, revise_application
    from dokja.call.applications.values import Proposal
    from dokja.programme import Topic

    proposal = request_in(file, Proposal)
    call_id, name = given["call_id"], given["application_id"]

    def act(room: CallRoom, mandate: Mandate) -> Act:
        known = room.begun(call_id, name)
        if known is None:
            matter = room.matter(APPLICATION, f"{call_id}/{name}")
            state = room.call(call_id).state
            return draft_application(matter, state, proposal, mandate=mandate)
        seen = read(given, known.acts)
        return revise_application(known, proposal, seen=seen, mandate=mandate)

    act_on_call(given, act, topic=Topic.CALL)


@click.command()
@call_argument
@application_argument
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@acting_options
def submit(folder: Path, **given: Any) -> None:
    """Hand in APPLICATION with the files of FOLDER; late ones are refused."""
    from dokja.call.applications.submit import submit_application
    from dokja.programme import Topic
    from dokja.wiring.calls import handed_in

    files = handed_in(folder)
    call_id, name = given["call_id"], given["application_id"]

    def act(room: CallRoom, mandate: Mandate) -> Act:
        found, state = room.application(call_id, name), room.call(call_id).state
        seen = read(given, found.acts)
        return submit_application(found, state, files, seen=seen, mandate=mandate)

    act_on_call(given, act, topic=Topic.CALL)


@click.command()
@call_argument
@application_argument
@acting_options
def withdraw(**given: Any) -> None:
    """Withdraw APPLICATION, with an agreement that was drafted; nothing follows."""
    from dokja.call.agreements import withdraw_bid
    from dokja.programme import Topic

    call_id, name = given["call_id"], given["application_id"]

    def act(room: CallRoom, mandate: Mandate) -> tuple[Act, ...]:
        found = room.application(call_id, name)
        drafted = room.drafted_agreement(call_id, name)
        seen = read(given, found.acts)
        return withdraw_bid(found, drafted, seen=seen, mandate=mandate)

    act_on_call(given, act, topic=Topic.WITHDRAWAL)


@click.command()
@call_argument
@application_argument
@file_argument
@acting_options
def amend(file: Path, **given: Any) -> None:
    """Change the consortium of APPLICATION, with the reason; the lead stays."""
    from dokja.call.applications.submit import ConsortiumFile, amend_consortium
    from dokja.programme import Topic

    members = request_in(file, ConsortiumFile).members
    step_application(
        given, Topic.CALL, lambda found, **by: amend_consortium(found, members, **by)
    )


@click.command()
@call_argument
@application_argument
@file_argument
@acting_options
def check(file: Path, **given: Any) -> None:
    """Record what was found of a piece of earlier work: `entry`, `result`, `detail`."""
    from dokja.call.applications.examine import check_track
    from dokja.call.applications.values import TrackChecked
    from dokja.programme import Topic

    checked = request_in(file, TrackChecked)
    step_application(
        given, Topic.CALL, lambda found, **by: check_track(found, checked, **by)
    )


@click.command()
@call_argument
@application_argument
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
    entry: str,
    report: Path,
    *,
    reference: str | None,
    holder: str,
    released: datetime | None,
    **given: Any,
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
    step_application(
        given,
        Topic.INDEPENDENCE,
        lambda found, **by: cite_comparison(found, cited, **by),
    )


@click.command(name="ask-reply")
@call_argument
@application_argument
@file_argument
@acting_options
def ask_reply(file: Path, **given: Any) -> None:
    """Show the applicant what speaks against it: `checks` and `facts` of FILE."""
    from dokja.call.applications.examine import ReplyRequest, ask_for_reply
    from dokja.programme import Topic

    request = request_in(file, ReplyRequest)

    def act(room: CallRoom, mandate: Mandate) -> Act:
        found = room.application(given["call_id"], given["application_id"])
        return ask_for_reply(found, request, rulebook=room.rulebook, mandate=mandate)

    act_on_call(given, act, topic=Topic.REPLY)


@click.command()
@call_argument
@application_argument
@file_argument
@acting_options
def reply(file: Path, **given: Any) -> None:
    """Record the applicant's reply: `text`, and `files` with their digests."""
    from dokja.call.applications.examine import reply as give
    from dokja.call.applications.values import ApplicantReplied
    from dokja.programme import Topic

    said = request_in(file, ApplicantReplied)
    step_application(
        given, Topic.REPLY, lambda found, **by: give(found, said.text, said.files, **by)
    )


@click.command()
@call_argument
@application_argument
@acting_options
def eligibility(**given: Any) -> None:
    """Find whether APPLICATION is looked at, as far as the checks decide it."""
    from dokja.call.applications.eligibility import find_eligibility
    from dokja.programme import Topic

    call_id = given["call_id"]

    def act(room: CallRoom, mandate: Mandate) -> Act:
        return find_eligibility(
            room.application(call_id, given["application_id"]),
            room.call(call_id).state,
            room.bids(call_id),
            rulebook=room.rulebook,
            mandate=mandate,
        )

    act_on_call(given, act, topic=Topic.CALL)


@click.command()
@call_argument
@application_argument
@file_argument
@acting_options
def settle(file: Path, **given: Any) -> None:
    """Record what people found where the checks leave it open or a reply came.

    FILE holds `outcome`, at least two `reviewers` and their `opinion`.
    """
    from dokja.call.applications.eligibility import PeoplesFinding, settle_eligibility
    from dokja.programme import Topic

    finding, call_id = request_in(file, PeoplesFinding), given["call_id"]

    def act(room: CallRoom, mandate: Mandate) -> Act:
        return settle_eligibility(
            room.application(call_id, given["application_id"]),
            room.call(call_id).state,
            room.bids(call_id),
            finding,
            rulebook=room.rulebook,
            mandate=mandate,
        )

    act_on_call(given, act, topic=Topic.CALL)


@click.command()
@call_argument
@application_argument
@click.option(
    "--language",
    "languages",
    multiple=True,
    required=True,
    help="Language of the material; once for each.",
)
@acting_options
def present(*, languages: tuple[str, ...], **given: Any) -> None:
    """Record the presentation of APPLICATION and the languages of its material."""
    from dokja.call.applications.values import PresentationHeld
    from dokja.call.select import hold_presentation
    from dokja.programme import Topic

    held = PresentationHeld(languages=languages)
    call_id, name = given["call_id"], given["application_id"]

    def act(room: CallRoom, mandate: Mandate) -> Act:
        found, state = room.application(call_id, name), room.call(call_id).state
        seen = read(given, found.acts)
        return hold_presentation(found, state, held, seen=seen, mandate=mandate)

    act_on_call(given, act, topic=Topic.CALL)
