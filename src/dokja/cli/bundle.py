"""`dokja bundle verify`: nothing is believed because the bundle says so."""

from __future__ import annotations

from pathlib import Path

import click

from dokja.cli.options import json_option, lang_option, workers_option

EXIT_CODES = {"verified": 0, "failed": 3, "untrusted": 4, "inconclusive": 4}


@click.group()
def bundle() -> None:
    """Verify a published stage."""


@bundle.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The office's public key (PEM); else the one pinned beside the rulebook.",
)
@click.option(
    "--models",
    type=click.Path(file_okay=False, path_type=Path),
    help="Measure again: a folder with models/TEAM and references/MODEL.",
)
@workers_option
@json_option
@lang_option
@click.pass_context
def verify(
    context: click.Context,
    folder: Path,
    *,
    key: Path | None,
    models: Path | None,
    workers: int | None,
    as_json: bool,
    lang: str,
) -> None:
    """Re-derive the decision in DIR and check every digest and signature."""
    from dokja.cli.progress import shown_progress
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.stages import verify_published

    settings = read_settings(workers=workers)
    with shown_progress() as on_step:
        found = verify_published(
            folder, key=key, models=models, settings=settings, on_step=on_step
        )
    if as_json:
        click.echo(canonical_bytes(found))
    else:
        from dokja.cli.verification_view import show_verification

        show_verification(found, lang=lang)
    context.exit(EXIT_CODES[found.trust.value])
