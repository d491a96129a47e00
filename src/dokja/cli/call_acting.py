"""What every act on a call shares on the command line: made, kept, shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokja.cli.desk import mandate_given, opened_desk
from dokja.cli.options import json_option, lang_option, mandate_options, seen_option

if TYPE_CHECKING:
    from dokja.evidence.values import Act
    from dokja.programme import Topic
    from dokja.programme.matters import Mandate
    from dokja.wiring.calls import CallRoom

SCHEMA = "dokja-call-acts/1"
Command = Callable[..., Any]
Given = Mapping[str, Any]
call_argument = click.argument("call_id", metavar="CALL")
application_argument = click.argument("application_id", metavar="APPLICATION")
file_argument = click.argument(
    "file", type=click.Path(dir_okay=False, exists=True, path_type=Path)
)


def acting_options(command: Command) -> Command:
    """The options of an act on a call."""
    return mandate_options(seen_option(json_option(lang_option(command))))


@contextmanager
def call_room(programme: str, work: Path) -> Iterator[CallRoom]:
    """The calls of the programme, read at the office's desk."""
    from dokja.wiring.calls import CallRoom

    with opened_desk(programme, work) as desk:
        yield CallRoom(desk=desk)


def act_on_call(
    given: Given,
    make: Callable[[CallRoom, Mandate], Act | Sequence[Act]],
    *,
    topic: Topic | None = None,
) -> None:
    """Nothing; makes the acts, keeps them unless it is a dry run, and shows them.

    The default clause is on the topic, else on calls of the kind it is.
    """
    from dokja.evidence.values import Act

    with call_room(given["programme"], given["work"]) as room:
        about = topic or _topic_of(room, given["call_id"])
        made = make(room, mandate_given(room.desk, given, about))
        acts = [made] if isinstance(made, Act) else made
        if not given["dry_run"]:
            room.desk.file(acts)
    _show(acts, given)


def step_call(
    given: Given, make: Callable[..., Act], *, topic: Topic | None = None
) -> None:
    """Nothing; the same where the act needs the call alone.

    `make` is called with the call, how much of it was read, and the mandate.
    """

    def act(room: CallRoom, mandate: Mandate) -> Act:
        found = room.call(given["call_id"])
        return make(found, seen=read(given, found.acts), mandate=mandate)

    act_on_call(given, act, topic=topic)


def step_application(given: Given, topic: Topic, make: Callable[..., Act]) -> None:
    """Nothing; the same where the act needs the application alone."""

    def act(room: CallRoom, mandate: Mandate) -> Act:
        found = room.application(given["call_id"], given["application_id"])
        return make(found, seen=read(given, found.acts), mandate=mandate)

    act_on_call(given, act, topic=topic)


def read(given: Given, acts: Sequence[Act]) -> int:
    """How many acts whoever acts has read: as given, else all there are."""
    from dokja.wiring.matter_desk import entries_read

    return entries_read(given["seen"], acts)


def _topic_of(room: CallRoom, call_id: str) -> Topic:
    from dokja.call.values import CallKind
    from dokja.programme import Topic

    found = room.call(call_id)
    is_revival = found.state.text.kind is CallKind.REVIVAL
    return Topic.REVIVAL if is_revival else Topic.CALL


def _show(acts: Sequence[Act], given: Given) -> None:
    if given["as_json"]:
        from dokja.evidence.canonical import canonical_bytes

        fields = {"schema": SCHEMA, "written": not given["dry_run"], "acts": acts}
        click.echo(canonical_bytes(fields))
        return
    from dokja.cli.call_view import act_line

    for act in acts:
        click.echo(act_line(act, lang=given["lang"], written=not given["dry_run"]))
