"""What `demo` and `stage run` share: run, publish, say what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import cast

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.cli.progress import shown_progress
from dokja.decision.values import TeamDecision, TeamStatus
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Text
from dokja.report.wording import STATUS
from dokja.settings import read_settings
from dokja.stage.values import StageRecord
from dokja.standing.values import TeamStanding
from dokja.wiring.stages import PublishedStage, StageRequest, check_stage, publish_stage

DECIDED, UNSETTLED = 0, 4


@dataclass(frozen=True, kw_only=True)
class PublishOptions:
    """The options of a command that publishes a stage."""

    out: Path
    replace: bool
    workers: int | None
    dry_run: bool
    as_json: bool
    lang: str

    @classmethod
    def read(cls, options: Mapping[str, object]) -> PublishOptions:
        """The options as click parsed them."""
        return cls(
            out=cast(Path, options["out"]),
            replace=bool(options["replace"]),
            workers=cast("int | None", options["workers"]),
            dry_run=bool(options["dry_run"]),
            as_json=bool(options["as_json"]),
            lang=str(options["lang"]),
        )


def publish(
    programme: str, stage: str, options: PublishOptions, *, is_demo: bool
) -> int:
    """Exit code 0 once the stage is decided, 4 if the data did not settle it."""
    settings = read_settings(workers=options.workers)
    request = StageRequest(
        programme=programme,
        stage=stage,
        out=options.out,
        replace=options.replace,
        fresh_evidence=is_demo,
    )
    if options.dry_run:
        check_stage(request, settings=settings)
        click.echo("the stage can be run; nothing was written")
        return DECIDED
    with shown_progress() as on_step:
        published = publish_stage(request, settings=settings, on_step=on_step)
    decision = published.record.outcome.decision
    if options.as_json:
        click.echo(canonical_bytes(decision))
    else:
        _show(published, lang=options.lang)
    return DECIDED if decision.settled_by_data else UNSETTLED


def _show(published: PublishedStage, *, lang: str) -> None:
    record, console = published.record, Console(highlight=False)
    plan, decision = record.evidence.plan, record.outcome.decision
    say = _speaker(lang)
    console.print(f"\n[bold]{escape(say(plan.name))}[/]  {plan.schedule.decided}")
    console.print(_table(record, lang=lang))
    for team in decision.teams:
        if team.status is not TeamStatus.ADVANCES:
            name = _names(record)[team.team]
            console.print(f"[bold]{escape(say(name))}[/]: {say(STATUS[team.status])}")
            for reason in team.reasons:
                clauses = ", ".join(reason.clauses)
                console.print(f"  - {escape(say(reason.text))} ({clauses})")
            findings = [f for f in record.outcome.findings if f.team == team.team]
            for check in (c for f in findings for c in f.failed_checks()):
                console.print(f"    {check.id}: {escape(say(check.detail))}")
    for reason in decision.reasons:
        console.print(f"{escape(say(reason.text))} ({', '.join(reason.clauses)})")
    if not decision.settled_by_data:
        console.print(
            "[bold]자료만으로는 판정되지 않았습니다.[/]"
            if lang == "ko"
            else "[bold]The data alone did not settle this stage.[/]"
        )
    _show_places(published, console, lang=lang)


def _show_places(published: PublishedStage, console: Console, *, lang: str) -> None:
    report, bundle = published.bundle / "report.html", published.bundle
    if lang == "ko":
        console.print(f"\n보고서   {report}\n검증     dokja bundle verify {bundle}")
    else:
        console.print(f"\nreport   {report}\nverify   dokja bundle verify {bundle}")
    if published.demo_key:
        console.print(
            "서명 키는 공개된 시드로 만든 것이므로 증명력이 없습니다."
            if lang == "ko"
            else "The signing key is made from a published seed: it proves nothing."
        )
    for note in published.record.outcome.synthetic:
        console.print(f"[dim]{escape(_speaker(lang)(note))}[/]")


def _table(record: StageRecord, *, lang: str) -> Table:
    heads = {
        "ko": ("순위", "팀", "총점", "95% 구간", "선발 확률", "결정"),
        "en": ("rank", "team", "total", "95 % interval", "P(inside)", "decision"),
    }[lang]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        numeric = head in heads[2:5] or head == heads[0]
        table.add_column(head, justify="right" if numeric else "left", no_wrap=True)
    say, names = _speaker(lang), _names(record)
    decided = {team.team: team for team in record.outcome.decision.teams}
    for standing in record.outcome.standing.teams:
        table.add_row(*_row(standing, decided[standing.team], names, lang=lang))
    for team in record.evidence.plan.withdrawn:
        status = say(STATUS[decided[team].status])
        table.add_row("", team, "", "", "", status)
    return table


def _row(
    standing: TeamStanding,
    decided: TeamDecision,
    names: Mapping[str, Text],
    *,
    lang: str,
) -> tuple[str, ...]:
    missing = "미정" if lang == "ko" else "undetermined"
    interval, inside = standing.total_interval, standing.inside_cut
    say, name = _speaker(lang), names[standing.team]
    return (
        missing if standing.rank is None else str(standing.rank),
        escape(say(name)),
        missing if standing.total is None else f"{standing.total:.2f}",
        missing if interval is None else f"{interval.low:.1f} – {interval.high:.1f}",
        missing if inside is None else f"{inside.value:.3f}",
        say(STATUS[decided.status]),
    )


def _names(record: StageRecord) -> dict[str, Text]:
    names = {s.manifest.team: s.manifest.name for s in record.evidence.seals}
    for team in record.evidence.plan.withdrawn:
        names.setdefault(team, Text(ko=team, en=team))
    return names


def _speaker(lang: str) -> Callable[[Text], str]:
    return attrgetter(lang)
