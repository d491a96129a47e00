"""`dokja submission`: what sealing would find, and what it is made of."""

from __future__ import annotations

from pathlib import Path

import click

from dokja.cli.options import json_option
from dokja.cli.submission_bom import bom, licences


@click.group()
def submission() -> None:
    """Check a submission."""


submission.add_command(bom)
submission.add_command(licences)


@submission.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@json_option
def verify(folder: Path, *, as_json: bool) -> None:
    """Read the submission in DIR whole, as sealing will, and print its root."""
    from dokja.cli.progress import shown_progress
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.stages import inspect_submission

    with shown_progress() as on_step:
        seal = inspect_submission(folder, settings=read_settings(), on_step=on_step)
    if as_json:
        click.echo(canonical_bytes(seal))
        return
    for component in seal.manifest.components:
        click.echo(
            f"{component.kind:<16} {component.weight_state:<18} {component.path}"
        )
    click.echo(f"{len(seal.files)} files can be sealed\n{seal.root}")
