"""`dokja objection`: what teams filed, admitted, reviewed, upheld or dismissed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    from dokja.evidence.values import Act
    from dokja.programme.matters import Mandate
    from dokja.wiring.office import Office

_id = click.argument("objection_id", metavar="OBJECTION")
_reason = (
    click.option("--ko", required=True, help="The reason, in Korean."),
    click.option("--en", required=True, help="The reason, in English."),
)


@click.group()
def objection() -> None:
    """Objections to a decision; teams file them on their page of the web."""


@objection.command("list")
@stage_option
@desk_options
@json_option
@lang_option
def list_(*, stage: str, programme: str, work: Path, as_json: bool, lang: str) -> None:
    """Every objection with its state, and who declared not to object."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.after_decision import aftermath

    with opened_office(programme, stage, work) as office:
        found = aftermath(office)
    if as_json:
        click.echo(canonical_bytes({"objections": found.objections}))
        return
    from dokja.cli.decision_view import show_objections

    show_objections(found, lang=lang)


@objection.command()
@_id
@click.option("--reviewer", "reviewers", multiple=True, required=True)
@stage_option
@mandate_options
@seen_option
@json_option
def admit(objection_id: str, *, reviewers: tuple[str, ...], **given: Any) -> None:
    """Have OBJECTION looked into by reviewers who did not decide."""
    from dokja.decision.after.values import Admitted

    _handle(objection_id, Admitted(reviewers=reviewers), given)


@objection.command()
@_id
@_reason[0]
@_reason[1]
@stage_option
@mandate_options
@seen_option
@json_option
def refuse(objection_id: str, *, ko: str, en: str, **given: Any) -> None:
    """Do not admit OBJECTION, and say why."""
    from dokja.decision.after.values import NotAdmitted
    from dokja.evidence.values import Text

    _handle(objection_id, NotAdmitted(reason=Text(ko=ko, en=en)), given)


@objection.command()
@_id
@_reason[0]
@_reason[1]
@stage_option
@mandate_options
@seen_option
@json_option
def dismiss(objection_id: str, *, ko: str, en: str, **given: Any) -> None:
    """OBJECTION was looked into and changes nothing; --by is a reviewer."""
    from dokja.decision.after.values import ObjectionDismissed
    from dokja.evidence.values import Text

    _handle(objection_id, ObjectionDismissed(reason=Text(ko=ko, en=en)), given)


@objection.command()
@_id
@click.option(
    "--corrected", required=True, help="Digest of the decision that stands now."
)
@_reason[0]
@_reason[1]
@stage_option
@mandate_options
@seen_option
@json_option
def uphold(
    objection_id: str, *, corrected: str, ko: str, en: str, **given: Any
) -> None:
    """OBJECTION is right; --by is a reviewer."""
    from dokja.decision.after.values import ObjectionUpheld
    from dokja.evidence.values import Text

    event = ObjectionUpheld(reason=Text(ko=ko, en=en), corrected=corrected)
    _handle(objection_id, event, given)


@objection.command()
@stage_option
@mandate_options
@json_option
def waive(**given: Any) -> None:
    """Declare that the team named by --by does not object."""
    from dokja.programme import Topic
    from dokja.wiring.after_decision import waive_objection

    act_in_office(
        given,
        lambda o, m: waive_objection(o, m.by, mandate=m),
        topic=Topic.OBJECTION,
    )


def _handle(objection_id: str, event: Any, given: dict[str, Any]) -> None:
    from dokja.programme import Topic
    from dokja.wiring.after_decision import handle_objection

    def act(office: Office, mandate: Mandate) -> Act:
        return handle_objection(
            office, objection_id, event, seen=given["seen"], mandate=mandate
        )

    act_in_office(given, act, topic=Topic.OBJECTION)
