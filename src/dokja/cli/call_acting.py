"""What every act of an office on the command line shares: who, when, under what."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokja.cli.desk import now
from dokja.cli.options import desk_options, json_option, lang_option

if TYPE_CHECKING:
    from dokja.evidence.values import Act
    from dokja.programme import Topic
    from dokja.programme.matters import Mandate
    from dokja.wiring.calls import CallRoom

SCHEMA = "dokja-call-acts/1"
Command = Callable[..., Any]
file_argument = click.argument(
    "file", type=click.Path(dir_okay=False, exists=True, path_type=Path)
)


@dataclass(frozen=True, kw_only=True)
class Acting:
    """The options of an act."""

    programme: str
    work: Path
    by: str
    clause: str | None
    seen: int | None
    reason_ko: str
    reason_en: str
    dry_run: bool
    as_json: bool
    lang: str

    def mandate(self, room: CallRoom, topic: Topic) -> Mandate:
        """Who acts now, under the clause given or the first that governs the topic.

        Raises: InvalidInput for a clause that the rulebook does not have, and where
        none governs the act.
        """
        from dokja.errors import InvalidInput
        from dokja.evidence.values import Text
        from dokja.programme.matters import Mandate

        known = [clause.number for clause in room.rulebook.clauses]
        clause = self.clause or next(iter(room.rulebook.clause_numbers(topic)), None)
        if clause is None or clause not in known:
            raise InvalidInput(
                f"no clause {self.clause or 'on ' + topic.value} in the rulebook",
                remedy="name a clause of the rulebook: --clause NUMBER",
            )
        reason = None
        if self.reason_ko or self.reason_en:
            reason = Text(ko=self.reason_ko, en=self.reason_en)
        return Mandate(
            by=self.by, at=room.clock().isoformat(), clause=clause, reason=reason
        )

    def read(self, acts: Sequence[Act]) -> int:
        """How many acts whoever acts has read: as given, else all there are."""
        return len(acts) if self.seen is None else self.seen


def acting_options(command: Command) -> Command:
    """The options of an act, handed over as one `acting`."""

    @functools.wraps(command)
    def run(*arguments: Any, **given: Any) -> Any:
        names = Acting.__dataclass_fields__
        acting = Acting(**{name: given.pop(name) for name in names})
        return command(*arguments, acting=acting, **given)

    options = (
        desk_options,
        click.option("--by", required=True, help="Pseudonym of who acts."),
        click.option("--clause", help="Clause acted under.  [default: by the act]"),
        click.option("--seen", type=int, help="Entries you have read.  [default: all]"),
        click.option("--reason-ko", default="", help="Why, in Korean."),
        click.option("--reason-en", default="", help="Why, in English."),
        click.option("--dry-run", is_flag=True, help="Check all, write nothing."),
        json_option,
        lang_option,
    )
    wrapped: Command = run
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


@contextmanager
def call_room(programme: str, work: Path) -> Iterator[CallRoom]:
    """The calls of the programme, with the clock in Korean time."""
    from dokja.settings import read_settings
    from dokja.wiring.calls import open_call_room

    with open_call_room(programme, work, settings=read_settings(), clock=now) as room:
        yield room


def keep(room: CallRoom, acting: Acting, *acts: Act) -> None:
    """Nothing; the acts are kept unless it is a dry run, and shown."""
    if not acting.dry_run:
        room.keep(acts)
    if acting.as_json:
        from dokja.evidence.canonical import canonical_bytes

        fields = {"schema": SCHEMA, "written": not acting.dry_run, "acts": acts}
        click.echo(canonical_bytes(fields))
        return
    from dokja.cli.call_view import act_line

    for act in acts:
        click.echo(act_line(act, lang=acting.lang, written=not acting.dry_run))
