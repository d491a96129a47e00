"""`dokja call`: agreements with who was selected, feedback to who was not."""

from __future__ import annotations

from datetime import datetime
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
@click.option(
    "--starts",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="Day from which what is owed is counted.",
)
@acting_options
def agree(*, starts: datetime, **given: Any) -> None:
    """Draft the agreement with APPLICATION by the rules and what it promised."""
    from dokja.call.agreements.agree import draft_agreement
    from dokja.call.agreements.state import AGREEMENT
    from dokja.programme import Topic

    call_id, name = given["call_id"], given["application_id"]

    def act(room: CallRoom, mandate: Mandate) -> Act:
        return draft_agreement(
            room.matter(AGREEMENT, f"{call_id}/{name}"),
            room.application(call_id, name).state,
            rulebook=room.rulebook,
            starts=starts.date(),
            mandate=mandate,
        )

    act_on_call(given, act, topic=Topic.CALL)


@click.command()
@call_argument
@application_argument
@file_argument
@acting_options
def agreement(file: Path, **given: Any) -> None:
    """Record what became of an agreement or of what is owed under it.

    FILE begins with `what`: "signed", "active", "amended", "met", "breached",
    "waived", "terminated" or "completed".
    """
    from dokja.call.agreements import agree as acts
    from dokja.call.agreements.values import AgreementAmended
    from dokja.programme import Topic

    kinds: Any = acts.Step | acts.Settling | AgreementAmended
    event = request_in(file, kinds)

    def act(room: CallRoom, mandate: Mandate) -> Act:
        found = room.agreement(given["call_id"], given["application_id"])
        seen = read(given, found.acts)
        if isinstance(event, AgreementAmended):
            return acts.amend_agreement(found, event, seen=seen, mandate=mandate)
        if isinstance(event, acts.Settling):
            return acts.settle_obligation(found, event, seen=seen, mandate=mandate)
        return acts.step_agreement(found, event, seen=seen, mandate=mandate)

    act_on_call(given, act, topic=Topic.CALL)


@click.command()
@call_argument
@application_argument
@file_argument
@acting_options
def feedback(file: Path, **given: Any) -> None:
    """Give feedback to APPLICATION, which nobody but it and auditors is shown."""
    from dokja.call.applications.values import FeedbackGiven
    from dokja.call.close_out import give_feedback
    from dokja.programme import Topic

    told = request_in(file, FeedbackGiven)
    step_application(
        given, Topic.CALL, lambda found, **by: give_feedback(found, told, **by)
    )
