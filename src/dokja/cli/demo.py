"""`dokja demo`: the example stage, from sealed weights to a signed decision."""

from __future__ import annotations

import click

from dokja.cli.options import publishing_options


@click.command()
@publishing_options(default_out="out/demo")
@click.pass_context
def demo(context: click.Context, /, **options: object) -> None:
    """Run the whole first stage on five tiny models that were really trained."""
    from dokja.cli.publish import PublishOptions, publish

    context.exit(
        publish("example", "stage-1", PublishOptions.read(options), is_demo=True)
    )
