"""`dokja submission`: seal it, check the seal, see what it is made of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option
from dokja.cli.submission_bom import bom, licences

if TYPE_CHECKING:
    from dokja.wiring.sealing import CheckRequest

EXIT_CODES = {"verified": 0, "failed": 3, "untrusted": 4}

_file = click.Path(dir_okay=False, path_type=Path)
_dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Read and check everything, write nothing."
)


@click.group()
def submission() -> None:
    """Seal and check a submission."""


submission.add_command(bom)
submission.add_command(licences)


@submission.command()
@click.option("--team", required=True, help="The team's id, as in submission.toml.")
@click.option("--key", type=_file, required=True, help="Private key, Ed25519 (PEM).")
@click.option("--oms-key", type=_file, help="Private key of model.sig, P-256 (PEM).")
@click.option("--before", type=_file, help="Key statements so far, to go on from.")
@click.option("--replaces", type=_file, help="Private key before, which signs too.")
@click.option("--out", type=_file, required=True, help="File of key statements.")
@_dry_run_option
@json_option
@lang_option
def keys(
    *,
    team: str,
    key: Path,
    oms_key: Path | None,
    before: Path | None,
    replaces: Path | None,
    out: Path,
    dry_run: bool,
    as_json: bool,
    lang: str,
) -> None:
    """State the keys a team signs with; each of them signs the statement."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.sealing import (
        KeyRequest,
        make_key_statements,
        write_key_statements,
    )

    made = make_key_statements(
        KeyRequest(
            team=team, key=key, model_key=oms_key, before=before, replaced=replaces
        )
    )
    if not dry_run:
        write_key_statements(out, made)
    if as_json:
        click.echo(canonical_bytes(list(made)))
    else:
        click.echo(
            f"statements so far: {len(made)}; the last is signed by"
            if lang == "en"
            else f"지금까지의 진술서 {len(made)}건, 마지막 진술서에 서명한 키"
        )
        click.echo("\n".join(signature.keyid for signature in made[-1].signatures))


@submission.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--key", type=_file, required=True, help="Private key, Ed25519 (PEM).")
@click.option("--oms-key", type=_file, help="Private key, P-256: makes model.sig.")
@click.option("--keys", "statements", type=_file, help="Key statements of the team.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the seal; else DIR itself.",
)
@_dry_run_option
@json_option
@lang_option
def seal(
    folder: Path,
    *,
    key: Path,
    oms_key: Path | None,
    statements: Path | None,
    out: Path | None,
    dry_run: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Sign every file of the submission in DIR. Nothing in it can change afterwards.

    `verify` says beforehand whether the office could seal it.
    """
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.sealing import SealRequest, seal_own, write_seal

    request = SealRequest(
        folder=folder, key=key, model_key=oms_key, statements=statements, out=out
    )
    made = seal_own(request, settings=read_settings())
    if not dry_run:
        write_seal(made, request)
    if as_json:
        click.echo(canonical_bytes(made.statement))
        return
    from dokja.cli.seal_view import show_made

    show_made(made, written=not dry_run, lang=lang)


@submission.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--key", type=_file, help="The team's registered public key (PEM).")
@click.option(
    "--oms-key",
    type=_file,
    help="Public key of model.sig, where the team's key statements name none.",
)
@click.option(
    "--sealed", type=_file, help="The signed manifest, where it is not in DIR."
)
@json_option
@lang_option
@click.pass_context
def verify(
    context: click.Context,
    folder: Path,
    *,
    key: Path | None,
    oms_key: Path | None,
    sealed: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Check the seal of the submission in DIR, file by file.

    Without a seal, and where none is asked for, read it whole, as sealing will, and
    print its root.
    """
    from dokja.wiring.sealing import CheckRequest, is_sealed

    if not is_sealed(folder) and sealed is None and key is None:
        _inspect(folder, as_json=as_json)
        return
    request = CheckRequest(folder=folder, sealed=sealed, key=key, model_key=oms_key)
    context.exit(_check(request, as_json=as_json, lang=lang))


def _check(request: CheckRequest, *, as_json: bool, lang: str) -> int:
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.sealing import check_own

    found = check_own(request, settings=read_settings())
    if as_json:
        click.echo(canonical_bytes(found))
    else:
        from dokja.cli.seal_view import show_seal

        show_seal(found, lang=lang)
    return EXIT_CODES[found.trust.value]


def _inspect(folder: Path, *, as_json: bool) -> None:
    from dokja.cli.progress import shown_progress
    from dokja.evidence.canonical import canonical_bytes
    from dokja.settings import read_settings
    from dokja.wiring.inspecting import inspect_submission

    with shown_progress() as on_step:
        found = inspect_submission(folder, settings=read_settings(), on_step=on_step)
    if as_json:
        click.echo(canonical_bytes(found))
        return
    for component in found.manifest.components:
        click.echo(
            f"{component.kind:<16} {component.weight_state:<18} {component.path}"
        )
    click.echo(f"{len(found.files)} files can be sealed\n{found.root}")
