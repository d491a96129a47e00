"""`dokja stage run`: a whole stage, from freeze to signed bundle."""

from __future__ import annotations

from pathlib import Path

import click

from dokja.cli.options import (
    dry_run_option,
    json_option,
    lang_option,
    replace_option,
    workers_option,
)

UNSETTLED = 4
"""Exit code where the data alone did not decide."""


@click.group()
def stage() -> None:
    """Run a stage of a programme."""


@stage.command(name="run")
@click.argument("programme")
@click.argument("stage_id", metavar="STAGE")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder that becomes the bundle.",
)
@replace_option
@workers_option
@dry_run_option
@json_option
@lang_option
@click.pass_context
def run_command(
    context: click.Context, /, programme: str, stage_id: str, **options: object
) -> None:
    """Evaluate, decide and write the bundle of STAGE of PROGRAMME.

    PROGRAMME is a folder with a rulebook.toml, or the name of a shipped
    programme.
    """
    from dokja.cli.publish import PublishOptions, publish

    context.exit(
        publish(programme, stage_id, PublishOptions.read(options), is_demo=False)
    )
