"""`dokja demo`: the example stage, from sealed weights to a signed decision."""

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


@click.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default="out/demo",
    show_default=True,
    help="Folder that becomes the bundle.",
)
@replace_option
@workers_option
@dry_run_option
@json_option
@lang_option
@click.pass_context
def demo(context: click.Context, /, **options: object) -> None:
    """Run the whole first stage on five tiny models that were really trained."""
    from dokja.cli.publish import PublishOptions, publish

    context.exit(
        publish("example", "stage-1", PublishOptions.read(options), is_demo=True)
    )
