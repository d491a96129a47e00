"""`dokja call`: a call from its draft to its end, act by act."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokja.cli.call_acting import (
    Acting,
    acting_options,
    call_room,
    file_argument,
    keep,
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
from dokja.cli.desk import request_in
from dokja.cli.options import desk_options, json_option, lang_option

if TYPE_CHECKING:
    from dokja.call.applications.state import ApplicationState
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
@click.argument("call_id", metavar="CALL")
@file_argument
@acting_options
def draft(call_id: str, file: Path, *, acting: Acting) -> None:
    """Write the text of CALL from FILE, or replace it while it is a draft."""
    from dokja.call.open_call import draft_call, revise_call
    from dokja.call.state import CALL
    from dokja.call.values import CallText
    from dokja.programme import Topic

    text = request_in(file, CallText)
    with call_room(acting.programme, acting.work) as room:
        mandate, rules = acting.mandate(room, Topic.CALL), room.rulebook
        if not room.has_call(call_id):
            matter = room.matter(CALL, call_id)
            act = draft_call(matter, text, rulebook=rules, mandate=mandate)
        else:
            found = room.call(call_id)
            seen = acting.read(found.acts)
            act = revise_call(found, text, rulebook=rules, seen=seen, mandate=mandate)
        keep(room, acting, act)


@call.command(name="open")
@click.argument("call_id", metavar="CALL")
@click.option(
    "--vacancy",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="File with the places a revival call fills, and how they became final.",
)
@acting_options
def open_(call_id: str, *, vacancy: Path | None, acting: Acting) -> None:
    """Announce CALL; from now on its text binds."""
    from dokja.call.open_call import open_call
    from dokja.call.values import CallKind, VacantPlaces
    from dokja.programme import Topic

    places = None if vacancy is None else request_in(vacancy, VacantPlaces)
    with call_room(acting.programme, acting.work) as room:
        found = room.call(call_id)
        is_revival = found.state.text.kind is CallKind.REVIVAL
        topic = Topic.REVIVAL if is_revival else Topic.CALL
        act = open_call(
            found,
            places,
            rulebook=room.rulebook,
            seen=acting.read(found.acts),
            mandate=acting.mandate(room, topic),
        )
        keep(room, acting, act)


@call.command()
@click.argument("call_id", metavar="CALL")
@click.argument("closes")
@acting_options
def extend(call_id: str, closes: str, *, acting: Acting) -> None:
    """Let CALL close later, at CLOSES (ISO 8601 with zone), with the reason."""
    from dokja.call.open_call import extend_call
    from dokja.programme import Topic

    with call_room(acting.programme, acting.work) as room:
        found = room.call(call_id)
        seen, mandate = acting.read(found.acts), acting.mandate(room, Topic.CALL)
        keep(room, acting, extend_call(found, closes, seen=seen, mandate=mandate))


@call.command()
@click.argument("call_id", metavar="CALL")
@acting_options
def close(call_id: str, *, acting: Acting) -> None:
    """Close CALL once its window is over."""
    from dokja.call.open_call import close_call
    from dokja.programme import Topic

    with call_room(acting.programme, acting.work) as room:
        found = room.call(call_id)
        seen, mandate = acting.read(found.acts), acting.mandate(room, Topic.CALL)
        keep(room, acting, close_call(found, seen=seen, mandate=mandate))


@call.command()
@click.argument("call_id", metavar="CALL")
@file_argument
@acting_options
def say(call_id: str, file: Path, *, acting: Acting) -> None:
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
    with call_room(acting.programme, acting.work) as room:
        found = room.call(call_id)
        seen, mandate = acting.read(found.acts), acting.mandate(room, Topic.CALL)
        keep(room, acting, act(found, event, seen=seen, mandate=mandate))


@call.command()
@click.argument("call_id", metavar="CALL")
@file_argument
@acting_options
def panel(call_id: str, file: Path, *, acting: Acting) -> None:
    """Name the panel of a review of CALL, with its register of interests.

    The register is read and not kept: the record holds who is recused from what.
    """
    from dokja.call.name_panel import PanelRequest, name_panel
    from dokja.programme import Topic

    request = request_in(file, PanelRequest)
    with call_room(acting.programme, acting.work) as room:
        found = room.call(call_id)
        act = name_panel(
            found,
            _states(room, call_id),
            request,
            rulebook=room.rulebook,
            seen=acting.read(found.acts),
            mandate=acting.mandate(room, Topic.CONFLICTS),
        )
        keep(room, acting, act)


@call.command()
@click.argument("call_id", metavar="CALL")
@acting_options
def screen(call_id: str, *, acting: Acting) -> None:
    """Hand the documents to the panel, once every eligibility is found."""
    from dokja.call.screen import begin_screening
    from dokja.programme import Topic

    with call_room(acting.programme, acting.work) as room:
        found = room.call(call_id)
        seen, mandate = acting.read(found.acts), acting.mandate(room, Topic.CALL)
        states = _states(room, call_id)
        keep(room, acting, begin_screening(found, states, seen=seen, mandate=mandate))


@call.command()
@click.argument("call_id", metavar="CALL")
@file_argument
@acting_options
def shortlist(call_id: str, file: Path, *, acting: Acting) -> None:
    """Find who goes on to the presentation, from the panel's sheets in FILE."""
    from dokja.call.screen import screen_call
    from dokja.panel.values import Panel
    from dokja.programme import Topic

    sheets = request_in(file, Panel)
    with call_room(acting.programme, acting.work) as room:
        found = room.call(call_id)
        acts = screen_call(
            found,
            room.applications(call_id),
            sheets,
            rulebook=room.rulebook,
            seen=acting.read(found.acts),
            mandate=acting.mandate(room, Topic.CALL),
        )
        keep(room, acting, *acts)


@call.command()
@click.argument("call_id", metavar="CALL")
@file_argument
@acting_options
def decide(call_id: str, file: Path, *, acting: Acting) -> None:
    """Select from CALL by the sheets and votes in FILE; nobody is a legal answer."""
    from dokja.call.select import Review, decide_call
    from dokja.call.values import CallKind
    from dokja.programme import Topic

    review = request_in(file, Review)
    with call_room(acting.programme, acting.work) as room:
        found = room.call(call_id)
        is_revival = found.state.text.kind is CallKind.REVIVAL
        topic = Topic.REVIVAL if is_revival else Topic.CALL
        acts = decide_call(
            found,
            room.applications(call_id),
            review,
            rulebook=room.rulebook,
            seen=acting.read(found.acts),
            mandate=acting.mandate(room, topic),
        )
        keep(room, acting, *acts)


@call.command(name="close-out")
@click.argument("call_id", metavar="CALL")
@acting_options
def close_out(call_id: str, *, acting: Acting) -> None:
    """End CALL once agreements are signed and feedback is given."""
    from dokja.call.close_out import close_out_call
    from dokja.programme import Topic

    with call_room(acting.programme, acting.work) as room:
        found = room.call(call_id)
        act = close_out_call(
            found,
            _states(room, call_id),
            [file.state for file in room.agreements(call_id)],
            seen=acting.read(found.acts),
            mandate=acting.mandate(room, Topic.CALL),
        )
        keep(room, acting, act)


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
    from dokja.call.overview import call_overview

    with call_room(programme, work) as room:
        if call_id is None:
            for name in room.call_ids():
                click.echo(f"{name}  {room.call(name).state.phase.value}")
            return
        found = call_overview(
            room.call(call_id),
            room.applications(call_id),
            room.agreements(call_id),
            rulebook=room.rulebook,
            now=room.clock().isoformat(),
            reader=reader,
        )
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        click.echo(canonical_bytes(found))
        return
    from dokja.cli.call_view import show_overview

    show_overview(found, lang=lang)


def _states(room: CallRoom, call_id: str) -> list[ApplicationState]:
    return [file.state for file in room.applications(call_id)]
