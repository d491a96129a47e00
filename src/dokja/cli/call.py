"""`dokja call`: a call from its draft to its end, act by act."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokja.cli.call_acting import (
    act_on_call,
    acting_options,
    call_argument,
    call_room,
    file_argument,
    read,
    step_call,
)
from dokja.cli.call_agreements import agree, agreement, feedback
from dokja.cli.call_applications import (
    amend,
    apply,
    ask_reply,
    check,
    cite,
    eligibility,
    present,
    reply,
    settle,
    submit,
    withdraw,
)
from dokja.cli.desk import opened_office, request_in
from dokja.cli.options import desk_options, json_option, lang_option, stage_option

if TYPE_CHECKING:
    from dokja.evidence.values import Act
    from dokja.programme.matters import Mandate
    from dokja.wiring.calls import CallRoom


@click.group()
def call() -> None:
    """Run a call: announce, take applications, review, select, agree.

    Every act names who acted (--by, a pseudonym) and under which clause, and stands
    in the office's record. Large input comes in a TOML or JSON file.
    """


for _command in (
    agree,
    agreement,
    amend,
    apply,
    ask_reply,
    check,
    cite,
    eligibility,
    feedback,
    present,
    reply,
    settle,
    submit,
    withdraw,
):
    call.add_command(_command)


@call.command()
@call_argument
@file_argument
@acting_options
def draft(file: Path, **given: Any) -> None:
    """Write the text of CALL from FILE, or replace it while it is a draft."""
    from dokja.call.open_call import draft_call, revise_call
    from dokja.call.state import CALL
    from dokja.call.values import CallText
    from dokja.programme import Topic

    text, call_id = request_in(file, CallText), given["call_id"]

    def act(room: CallRoom, mandate: Mandate) -> Act:
        found, rules = room.drafted(call_id), room.rulebook
        if found is None:
            matter = room.matter(CALL, call_id)
            return draft_call(matter, text, rulebook=rules, mandate=mandate)
        seen = read(given, found.acts)
        return revise_call(found, text, rulebook=rules, seen=seen, mandate=mandate)

    act_on_call(given, act, topic=Topic.CALL)


@call.command(name="open")
@call_argument
@stage_option
@acting_options
def open_(*, stage: str, **given: Any) -> None:
    """Announce CALL; from now on its text binds.

    A revival call opens once the decision of --stage is final, for the places it left
    empty; the record then says of them that the call is held.
    """
    from dokja.call.open_call import open_call
    from dokja.call.values import CallKind
    from dokja.wiring.revivals import open_revival

    def act(room: CallRoom, mandate: Mandate) -> tuple[Act, ...]:
        found = room.call(given["call_id"])
        seen, rules = read(given, found.acts), room.rulebook
        if found.state.text.kind is CallKind.INITIAL:
            return (open_call(found, None, rulebook=rules, seen=seen, mandate=mandate),)
        with opened_office(given["programme"], stage, given["work"]) as office:
            return open_revival(office, found, seen=seen, mandate=mandate)

    act_on_call(given, act)


@call.command()
@call_argument
@click.argument("closes")
@acting_options
def extend(closes: str, **given: Any) -> None:
    """Let CALL close later, at CLOSES (ISO 8601 with zone), with the reason."""
    from dokja.call.open_call import extend_call
    from dokja.programme import Topic

    step_call(
        given, lambda call, **by: extend_call(call, closes, **by), topic=Topic.CALL
    )


@call.command()
@call_argument
@acting_options
def close(**given: Any) -> None:
    """Close CALL once its window is over."""
    from dokja.call.open_call import close_call
    from dokja.programme import Topic

    step_call(given, close_call, topic=Topic.CALL)


@call.command()
@call_argument
@file_argument
@acting_options
def say(file: Path, **given: Any) -> None:
    """Record a notice, a question, an answer, or that one contradicts CALL.

    FILE begins with `what`: "clarified", "asked", "answered" or "marked". Whatever
    contradicts the call stays visible beside the binding text, which holds.
    """
    from dokja.call import clarify
    from dokja.call.values import Answered, Asked, Clarified, MarkedContradicting
    from dokja.programme import Topic

    kinds: Any = Clarified | Asked | Answered | MarkedContradicting
    event = request_in(file, kinds)
    acts: dict[type, Any] = {
        Clarified: clarify.give_notice,
        Asked: clarify.ask,
        Answered: clarify.answer,
        MarkedContradicting: clarify.mark_contradicting,
    }
    act = acts[type(event)]
    step_call(given, lambda call, **by: act(call, event, **by), topic=Topic.CALL)


@call.command()
@call_argument
@file_argument
@acting_options
def panel(file: Path, **given: Any) -> None:
    """Name the panel of a review of CALL, with its register of interests.

    The register is read and not kept: the record holds who is recused from what.
    """
    from dokja.call.name_panel import PanelRequest, name_panel
    from dokja.programme import Topic

    request, call_id = request_in(file, PanelRequest), given["call_id"]

    def act(room: CallRoom, mandate: Mandate) -> Act:
        found = room.call(call_id)
        return name_panel(
            found,
            room.bids(call_id),
            request,
            rulebook=room.rulebook,
            seen=read(given, found.acts),
            mandate=mandate,
        )

    act_on_call(given, act, topic=Topic.CONFLICTS)


@call.command()
@call_argument
@acting_options
def screen(**given: Any) -> None:
    """Hand the documents to the panel, once every eligibility is found."""
    from dokja.call.screen import begin_screening
    from dokja.programme import Topic

    call_id = given["call_id"]

    def act(room: CallRoom, mandate: Mandate) -> Act:
        found, bids = room.call(call_id), room.bids(call_id)
        seen = read(given, found.acts)
        return begin_screening(found, bids, seen=seen, mandate=mandate)

    act_on_call(given, act, topic=Topic.CALL)


@call.command()
@call_argument
@file_argument
@acting_options
def shortlist(file: Path, **given: Any) -> None:
    """Find who goes on to the presentation, from the panel's sheets in FILE."""
    from dokja.call.screen import screen_call
    from dokja.panel.values import Panel
    from dokja.programme import Topic

    sheets, call_id = request_in(file, Panel), given["call_id"]

    def act(room: CallRoom, mandate: Mandate) -> tuple[Act, ...]:
        found = room.call(call_id)
        return screen_call(
            found,
            room.applications(call_id),
            sheets,
            rulebook=room.rulebook,
            seen=read(given, found.acts),
            mandate=mandate,
        )

    act_on_call(given, act, topic=Topic.CALL)


@call.command()
@call_argument
@file_argument
@acting_options
def decide(file: Path, **given: Any) -> None:
    """Select from CALL by the sheets and votes in FILE; nobody is a legal answer."""
    from dokja.call.select import Review, decide_call

    review, call_id = request_in(file, Review), given["call_id"]

    def act(room: CallRoom, mandate: Mandate) -> tuple[Act, ...]:
        found = room.call(call_id)
        return decide_call(
            found,
            room.applications(call_id),
            review,
            rulebook=room.rulebook,
            seen=read(given, found.acts),
            mandate=mandate,
        )

    act_on_call(given, act)


@call.command(name="move-up")
@call_argument
@acting_options
def move_up(**given: Any) -> None:
    """Let the next bid that the panel found able take a place that was given up."""
    from dokja.call.move_up import move_up as next_bid

    call_id = given["call_id"]

    def act(room: CallRoom, mandate: Mandate) -> tuple[Act, ...]:
        found = room.call(call_id)
        return next_bid(
            found,
            room.applications(call_id),
            rulebook=room.rulebook,
            seen=read(given, found.acts),
            mandate=mandate,
        )

    act_on_call(given, act)


@call.command(name="close-out")
@call_argument
@click.option(
    "--team",
    "teams",
    multiple=True,
    metavar="APPLICATION=TEAM",
    help="Id under which it takes its place in the stage.  [default: its own]",
)
@acting_options
def close_out(*, teams: tuple[str, ...], **given: Any) -> None:
    """End CALL once agreements are signed and feedback is given.

    Of a revival call the record then says who takes a place, and what stays empty.
    """
    from dokja.call.close_out import close_out_call
    from dokja.programme import Topic
    from dokja.wiring.revivals import close_out_revival

    call_id, named = given["call_id"], _named(teams)

    def act(room: CallRoom, mandate: Mandate) -> tuple[Act, ...]:
        found = room.call(call_id)
        seen, vacancy = read(given, found.acts), found.state.vacancy
        if vacancy is None:
            bids = room.bids(call_id)
            signed = [file.state for file in room.agreements(call_id)]
            return (close_out_call(found, bids, signed, seen=seen, mandate=mandate),)
        with opened_office(given["programme"], vacancy.stage, given["work"]) as office:
            return close_out_revival(
                office, found, teams=named, seen=seen, mandate=mandate
            )

    act_on_call(given, act, topic=Topic.CALL)


@call.command()
@click.argument("call_id", metavar="[CALL]", required=False)
@click.option(
    "--for",
    "reader",
    default="office",
    show_default=True,
    help="office, public, or the id of an application.",
)
@desk_options
@json_option
@lang_option
def show(
    call_id: str | None,
    *,
    reader: str,
    programme: str,
    work: Path,
    as_json: bool,
    lang: str,
) -> None:
    """Show CALL: what is due, what waits and why, who stands where, what happened.

    Without CALL, the calls there are. --for shows what others may see of it.
    """
    with call_room(programme, work) as room:
        if call_id is None:
            for name in room.call_ids():
                click.echo(f"{name}  {room.call(name).state.phase.value}")
            return
        found = room.overview(call_id, reader)
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        click.echo(canonical_bytes(found))
        return
    from dokja.cli.call_view import show_overview

    show_overview(found, lang=lang)


def _named(teams: tuple[str, ...]) -> dict[str, str]:
    pairs = [each.partition("=") for each in teams]
    if any(not name or not team for name, _, team in pairs):
        raise click.UsageError("write --team as APPLICATION=TEAM")
    return {name: team for name, _, team in pairs}
