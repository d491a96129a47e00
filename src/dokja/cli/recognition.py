"""`dokja recognition`: what outsiders say of models, with its date and source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dokja.cli.desk import act_at_desk, acts_at_desk, opened_desk, request_in
from dokja.cli.options import (
    desk_options,
    json_option,
    lang_option,
    mandate_options,
    seen_option,
)

_name = click.argument("name", metavar="ID")
_file = click.argument(
    "file", type=click.Path(dir_okay=False, exists=True, path_type=Path)
)


@click.group()
def recognition() -> None:
    """Lists and indices of outsiders: recorded as facts, read by no score."""


@recognition.command()
@desk_options
@json_option
@lang_option
def show(*, programme: str, work: Path, as_json: bool, lang: str) -> None:
    """Every fact as it stands, and which values can be held side by side."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.recognition import series
    from dokja.wiring.recognitions import read_recognitions

    with opened_desk(programme, work) as desk:
        facts = read_recognitions(desk)
    found = series(facts)
    if as_json:
        click.echo(canonical_bytes({"facts": facts, "series": found}))
        return
    from dokja.cli.recognition_view import show_recognitions

    show_recognitions(facts, found, lang=lang)


@recognition.command()
@_name
@_file
@mandate_options
@seen_option
@json_option
def record(name: str, file: Path, **given: Any) -> None:
    """Put the fact in FILE on record under ID."""
    from dokja.recognition.values import Fact, Recorded

    kinds: Any = Fact
    _happened(name, Recorded(fact=request_in(file, kinds)), given)


@recognition.command()
@_name
@_file
@mandate_options
@seen_option
@json_option
def correct(name: str, file: Path, **given: Any) -> None:
    """Put the fact right, as FILE says (`fact`, `reason`); the first one stays."""
    from dokja.recognition.values import FactCorrected

    _happened(name, request_in(file, FactCorrected), given)


@recognition.command("take-off")
@_name
@_file
@mandate_options
@seen_option
@json_option
def take_off(name: str, file: Path, **given: Any) -> None:
    """The outsider no longer says it, as FILE says (`reason`, `source`, `on`)."""
    from dokja.recognition.values import TakenOff

    _happened(name, request_in(file, TakenOff), given)


@recognition.command()
@_file
@mandate_options
@json_option
def load(file: Path, **given: Any) -> None:
    """Record every fact of FILE that is not on record yet, all or none."""
    from dokja.programme import Topic
    from dokja.recognition.values import RecognitionFile
    from dokja.wiring.recognitions import load_recognitions

    facts = request_in(file, RecognitionFile)
    acts_at_desk(
        given,
        lambda d, m: load_recognitions(d, facts, mandate=m),
        topic=Topic.DISCLOSURE,
    )


def _happened(name: str, event: Any, given: dict[str, Any]) -> None:
    from dokja.programme import Topic
    from dokja.wiring.recognitions import recognition_event

    seen = given["seen"]
    act_at_desk(
        given,
        lambda d, m: recognition_event(d, name, event, seen=seen, mandate=m),
        topic=Topic.DISCLOSURE,
    )
