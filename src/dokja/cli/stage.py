"""`dokja stage run`: a whole stage, from freeze to signed bundle."""

from __future__ import annotations

import click

from dokja.cli.options import publishing_options


@click.group()
def stage() -> None:
    """Run a stage of a programme."""


@stage.command(name="run")
@click.argument("programme")
@click.argument("stage_id", metavar="STAGE")
@publishing_options(default_out=None)
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
