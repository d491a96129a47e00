"""`dokja decision`: confirmed, empty places called for and filled, who goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dokja.cli.desk import act_in_office, opened_office
from dokja.cli.options import (
    desk_options,
    json_option,
    lang_option,
    mandate_options,
    seen_option,
    stage_option,
)


@click.group()
def decision() -> None:
    """What follows the decision of a stage."""


@decision.command()
@stage_option
@desk_options
@json_option
@lang_option
def show(*, stage: str, programme: str, work: Path, as_json: bool, lang: str) -> None:
    """What is due: objections, confirmation, empty places, teams of the next stage."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.after_decision import aftermath

    with opened_office(programme, stage, work) as office:
        found = aftermath(office)
    if as_json:
        click.echo(canonical_bytes(found))
        return
    from dokja.cli.decision_view import show_aftermath

    show_aftermath(found, lang=lang)


@decision.command()
@stage_option
@mandate_options
@seen_option
@json_option
def confirm(**given: Any) -> None:
    """Make the decision final, after the last day or once no team objects."""
    from dokja.programme import Topic
    from dokja.wiring.after_decision import confirm_decision

    seen = given["seen"]
    act_in_office(
        given,
        lambda o, m: confirm_decision(o, seen=seen, mandate=m),
        topic=Topic.OBJECTION,
    )


@decision.command()
@click.argument("call")
@stage_option
@mandate_options
@seen_option
@json_option
def revival(call: str, **given: Any) -> None:
    """Name the revival call that is held for the empty places."""
    from dokja.decision.after.values import RevivalCalled

    _place(RevivalCalled(call=call), given)


@decision.command()
@click.argument("team")
@click.argument("application")
@stage_option
@mandate_options
@seen_option
@json_option
def fill(team: str, application: str, **given: Any) -> None:
    """Give an empty place to the TEAM selected with APPLICATION."""
    from dokja.decision.after.values import PlaceFilled

    _place(PlaceFilled(team=team, application=application), given)


@decision.command("leave-empty")
@click.option("--ko", required=True, help="The reason, in Korean.")
@click.option("--en", required=True, help="The reason, in English.")
@stage_option
@mandate_options
@seen_option
@json_option
def leave_empty(ko: str, en: str, **given: Any) -> None:
    """Leave the places that are left empty."""
    from dokja.decision.after.values import PlacesLeftEmpty
    from dokja.evidence.values import Text

    _place(PlacesLeftEmpty(reason=Text(ko=ko, en=en)), given)


@decision.command("next")
@click.argument("following", metavar="STAGE")
@click.option(
    "--begins", required=True, help="From when who advanced develops (with zone)."
)
@click.option("--ends", required=True, help="Until when teams develop (with zone).")
@stage_option
@mandate_options
@json_option
def next_(following: str, *, begins: str, ends: str, **given: Any) -> None:
    """Name the teams of STAGE: who advanced, who filled a place, less who left."""
    from dokja.programme import Topic
    from dokja.wiring.stage_order import name_next_stage

    act_in_office(
        given,
        lambda o, m: name_next_stage(o, following, begins=begins, ends=ends, mandate=m),
        topic=Topic.RANK_CUT,
    )


@decision.command()
@stage_option
@mandate_options
@json_option
def final(**given: Any) -> None:
    """End the programme with the teams that are left, as many as the rules say."""
    from dokja.programme import Topic
    from dokja.wiring.stage_order import end_programme

    act_in_office(given, lambda o, m: end_programme(o, mandate=m), topic=Topic.FINAL)


@decision.command()
@click.option("--ko", default="", help="What the team wants said; nothing is asked.")
@click.option("--en", default="", help="The same in English.")
@stage_option
@mandate_options
@json_option
def withdraw(ko: str, en: str, **given: Any) -> None:
    """The team named by --by leaves; nothing is held against it."""
    from dokja.decision.after.values import TeamWithdrawn
    from dokja.evidence.values import Text
    from dokja.programme import Topic
    from dokja.wiring.after_decision import withdraw_team

    left = TeamWithdrawn(statement=Text(ko=ko, en=en) if ko or en else None)
    act_in_office(
        given,
        lambda o, m: withdraw_team(o, left, mandate=m),
        topic=Topic.WITHDRAWAL,
    )


def _place(event: Any, given: dict[str, Any]) -> None:
    from dokja.programme import Topic
    from dokja.wiring.after_decision import act_on_places

    seen = given["seen"]
    act_in_office(
        given,
        lambda o, m: act_on_places(o, event, seen=seen, mandate=m),
        topic=Topic.VACANCY,
    )
