"""`dokja call`: agreements with who was selected, feedback to who was not."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from dokja.cli.call_acting import (
    Acting,
    acting_options,
    call_room,
    file_argument,
    keep,
)
from dokja.cli.desk import request_in

_call = click.argument("call_id", metavar="CALL")
_application = click.argument("application_id", metavar="APPLICATION")


@click.command()
@_call
@_application
@click.option(
    "--starts",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="Day from which what is owed is counted.",
)
@acting_options
def agree(
    call_id: str, application_id: str, *, starts: datetime, acting: Acting
) -> None:
    """Draft the agreement with APPLICATION by the rules and what it promised."""
    from dokja.call.agreements.agree import draft_agreement
    from dokja.call.agreements.state import AGREEMENT
    from dokja.programme import Topic

    with call_room(acting.programme, acting.work) as room:
        act = draft_agreement(
            room.matter(AGREEMENT, f"{call_id}/{application_id}"),
            room.application(call_id, application_id).state,
            rulebook=room.rulebook,
            starts=starts.date(),
            mandate=acting.mandate(room, Topic.CALL),
        )
        keep(room, acting, act)


@click.command()
@_call
@_application
@file_argument
@acting_options
def agreement(call_id: str, application_id: str, file: Path, *, acting: Acting) -> None:
    """Record what became of an agreement or of what is owed under it.

    FILE begins with `what`: "signed", "active", "amended", "met", "breached",
    "waived", "terminated" or "completed".
    """
    from dokja.call.agreements import agree as acts
    from dokja.call.agreements.values import AgreementAmended
    from dokja.programme import Topic

    kinds: Any = acts.Step | acts.Settling | AgreementAmended
    event = request_in(file, kinds)
    with call_room(acting.programme, acting.work) as room:
        found = room.agreement(call_id, application_id)
        seen, mandate = acting.read(found.acts), acting.mandate(room, Topic.CALL)
        if isinstance(event, AgreementAmended):
            act = acts.amend_agreement(found, event, seen=seen, mandate=mandate)
        elif isinstance(event, acts.Settling):
            act = acts.settle_obligation(found, event, seen=seen, mandate=mandate)
        else:
            act = acts.step_agreement(found, event, seen=seen, mandate=mandate)
        keep(room, acting, act)


@click.command()
@_call
@_application
@file_argument
@acting_options
def feedback(call_id: str, application_id: str, file: Path, *, acting: Acting) -> None:
    """Give feedback to APPLICATION, which nobody but it and auditors is shown."""
    from dokja.call.applications.values import FeedbackGiven
    from dokja.call.close_out import give_feedback
    from dokja.programme import Topic

    given = request_in(file, FeedbackGiven)
    with call_room(acting.programme, acting.work) as room:
        found = room.application(call_id, application_id)
        seen, mandate = acting.read(found.acts), acting.mandate(room, Topic.CALL)
        keep(room, acting, give_feedback(found, given, seen=seen, mandate=mandate))
