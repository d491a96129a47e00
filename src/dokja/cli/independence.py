"""`dokja independence`: the dossier of a submission, item by item."""

from __future__ import annotations

from pathlib import Path

import click

from dokja.cli.options import json_option, lang_option

EXIT_ADVERSE, EXIT_OPEN = 3, 4
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
