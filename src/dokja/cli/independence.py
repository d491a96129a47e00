"""`dokja independence`: the dossier of a submission, item by item."""

from __future__ import annotations

from pathlib import Path

import click

from dokja.cli.options import json_option, lang_option

EXIT_ADVERSE, EXIT_OPEN = 3, 4
SERVED_EXITS = {"pass": 0, "fail": EXIT_ADVERSE, "inconclusive": EXIT_OPEN}
_file = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group()
def independence() -> None:
    """What the evidence says of a submission's independence."""


@independence.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="SUBMISSION")
@click.option(
    "--record",
    "records",
    multiple=True,
    metavar="[COMPONENT=]DIR",
    help="A training record; once for each component that has one.",
)
@click.option(
    "--lineage", type=_file, multiple=True, help="What `lineage compare --json` said."
)
@click.option("--key", type=_file, help="The team's registered public key (PEM).")
@click.option(
    "--witness", "witnesses", type=_file, multiple=True, help="A witness's public key."
)
@click.option("--rulebook", help="Whose required items count; without one, all 29 do.")
@json_option
@lang_option
@click.pass_context
def dossier(
    context: click.Context,
    folder: Path,
    *,
    records: tuple[str, ...],
    lineage: tuple[Path, ...],
    key: Path | None,
    witnesses: tuple[Path, ...],
    rulebook: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Print the 29 items of the dossier of SUBMISSION with what each rests on.

    It is no finding: nobody was heard on it. Exits 3 where an item fails, 4 where
    one is missing or for people, 0 otherwise.
    """
    from dokja.cli.progress import shown_progress
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.dossiers import DossierRequest, read_dossier

    request = DossierRequest(
        submission=folder,
        records=records,
        lineage=lineage,
        team_key=key,
        witness_keys=witnesses,
        rulebook=rulebook,
    )
    with shown_progress() as on_step:
        report = read_dossier(request, settings=read_settings(), on_step=on_step)
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        from dokja.cli.independence_view import show_dossier

        show_dossier(report, lang=lang)
    if report.failed:
        context.exit(EXIT_ADVERSE)
    context.exit(EXIT_OPEN if report.open else 0)


@independence.command()
@click.argument("team")
@click.option(
    "--endpoints", type=_file, required=True, help="The list that users voted on."
)
@click.option(
    "--own", type=_file, required=True, help="The office's list of sealed weights."
)
@click.option("--control", required=True, help="Another team of the office's list.")
@click.option("--contest", type=_file, required=True, help="Plan with the prompts.")
@click.option("--beacon", required=True, help="Drawn after the weights were sealed.")
@click.option(
    "--draws",
    type=click.IntRange(2, 200),
    default=24,
    show_default=True,
    help="Answers drawn of each model for each prompt.",
)
@json_option
@lang_option
@click.pass_context
def served(
    context: click.Context,
    team: str,
    *,
    endpoints: Path,
    own: Path,
    control: str,
    contest: Path,
    beacon: str,
    draws: int,
    as_json: bool,
    lang: str,
) -> None:
    """Ask whether TEAM's endpoint serves the weights that were sealed.

    Exits 3 where people must look, 4 where nothing can be said, 0 where the answers
    are not told apart.
    """
    from dokja.cli.progress import shown_progress
    from dokja.evidence.canonical import canonical_bytes
    from dokja.independence.served.values import ServedRules
    from dokja.settings import read_settings
    from dokja.wiring.served_check import ServedRequest, check_served

    request = ServedRequest(
        team=team,
        control=control,
        endpoints=endpoints,
        own=own,
        contest=contest,
        draws=draws,
        beacon=beacon,
        rules=ServedRules(),
    )
    with shown_progress() as on_step:
        report = check_served(
            request,
            settings=read_settings(),
            on_items=lambda done, total: on_step("prompts", f"{done}/{total}"),
        )
    if as_json:
        click.echo(canonical_bytes(report))
    else:
        from dokja.cli.independence_view import show_served

        show_served(report, lang=lang)
    context.exit(SERVED_EXITS[report.result.value])
