"""`dokja training`: verify and replay training records; witness them as they grow."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokja.cli.options import json_option, lang_option
from dokja.errors import InvalidInput, Unavailable

EXIT_CODES = {"pass": 0, "fail": 3, "inconclusive": 4}

if TYPE_CHECKING:
    from dokja.training import RecordVerdict

_TOOLS = ("megatron", "mlflow", "torchtitan", "wandb")
_file = click.Path(dir_okay=False, path_type=Path)
_folder = click.Path(file_okay=False, path_type=Path)


@click.group()
def training() -> None:
    """Verify and replay training records; witness them while training runs."""


def _record_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with a record and what its reader trusts."""
    options = (
        click.argument("record", type=click.Path(path_type=Path), metavar="RECORD"),
        click.option("--key", type=_file, help="The team's registered public key."),
        click.option(
            "--witness",
            "witnesses",
            type=_file,
            multiple=True,
            help="A witness's public key.",
        ),
        click.option(
            "--latest",
            type=_file,
            multiple=True,
            help="A tree head that a witness kept.",
        ),
        click.option(
            "--challenges",
            type=_file,
            help="What the witness answers to GET /challenges about the log.",
        ),
        click.option(
            "--model",
            type=_folder,
            help="Folder of the sealed component, to compare with the last checkpoint.",
        ),
        click.option(
            "--leases", type=_file, help="The organiser's list of leases (TOML)."
        ),
        click.option("--organiser", type=_file, help="The organiser's public key."),
        click.option(
            "--attestation", type=_file, help="What the organiser attests of machines."
        ),
        click.option(
            "--known-code",
            type=_folder,
            multiple=True,
            help="Folder of code to compare the team's with.",
        ),
        json_option,
        lang_option,
        click.pass_context,
    )
    for option in reversed(options):
        command = option(command)
    return command


@training.command()
@click.option("--materials", type=_folder, help="Folder that the team opened.")
@_record_options
def verify(context: click.Context, **given: Any) -> None:
    """Check the record in the folder RECORD and print its tier of evidence.

    Runs no program: what replay would show stays `not_run`.
    """
    _show(context, _verdict(given, None), given)


@training.command()
@click.option(
    "--materials", type=_folder, required=True, help="Folder that the team opened."
)
@click.option(
    "--beacon",
    required=True,
    metavar="HEX",
    help="Drawn after the record closed; chooses the segments.",
)
@click.option(
    "--segments",
    type=click.IntRange(min=1),
    default=14,
    show_default=True,
    help="Segments drawn by the beacon, besides the riskiest.",
)
@click.option(
    "--auditor", type=_file, help="The auditor's private key, which signs the report."
)
@click.option(
    "--report",
    type=_file,
    help="File for the signed report, which a stage takes in its folder `replays`.",
)
@_record_options
def replay(context: click.Context, **given: Any) -> None:
    """Check the record in RECORD and have the team's program do parts of it again.

    The program runs behind walls, without network. Needs what it was written with,
    PyTorch as a rule.
    """
    auditor, report = given.pop("auditor"), given.pop("report")
    if (auditor is None) != (report is None):
        raise InvalidInput(
            "--auditor and --report belong together",
            remedy="name the key that signs and the file that is signed",
        )
    from dokja.cli.progress import shown_progress

    with shown_progress() as on_step:
        verdict = _verdict(given, on_step)
    if report is not None:
        from dokja.wiring.training import ReportRequest, write_report

        about = {name: given[name] for name in ("record", "model", "beacon")}
        write_report(verdict, ReportRequest(auditor=auditor, out=report, **about))
    _show(context, verdict, given)


def _verdict(
    given: dict[str, Any], on_step: Callable[[str, str], None] | None
) -> RecordVerdict:
    from dokja.wiring.training import AuditRequest, VerifyRequest, verify_training

    shown = ("as_json", "lang")
    said = {name: value for name, value in given.items() if name not in shown}
    request = VerifyRequest(
        record=said.pop("record"),
        team_key=said.pop("key"),
        witness_keys=said.pop("witnesses"),
        latest=said.pop("latest"),
        challenges=said.pop("challenges"),
        organiser=said.pop("organiser"),
    )
    return verify_training(request, AuditRequest(**said), on_step=on_step)


def _show(
    context: click.Context, verdict: RecordVerdict, given: dict[str, Any]
) -> None:
    from dokja.evidence.canonical import canonical_bytes

    if given["as_json"]:
        click.echo(canonical_bytes(verdict))
    else:
        from dokja.cli.training_view import show_record

        show_record(verdict, lang=given["lang"])
    context.exit(EXIT_CODES[verdict.outcome.value])


@training.command()
@click.argument("record", type=click.Path(path_type=Path), metavar="RECORD")
@click.option("--key", type=_file, required=True, help="The organiser's private key.")
@click.option(
    "--basis", required=True, help="How the organiser knows: leases, its own recorder."
)
@click.option("--out", type=_file, required=True, help="File of the statement.")
def attest(*, record: Path, key: Path, basis: str, out: Path) -> None:
    """Sign that the machines named in RECORD are those the organiser saw."""
    from dokja.wiring.training import attest_environment

    out.write_bytes(attest_environment(record, basis=basis, key=key))
    click.echo(str(out))


@training.command("import")
@click.argument("tool", type=click.Choice(_TOOLS))
@click.argument("source", type=click.Path(path_type=Path), metavar="LOG")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder that becomes the record.",
)
@click.option("--team", required=True, help="Name of the team.")
@click.option("--run", required=True, help="Name of the run.")
@click.option("--key", type=_file, required=True, help="The team's private key.")
def import_(
    *, tool: str, source: Path, out: Path, team: str, run: str, key: Path
) -> None:
    """Make a record, of tier E1 at the most, from what another TOOL logged."""
    from dokja.training.tree_heads import checked_origin
    from dokja.wiring.training import ImportRequest, import_log

    request = ImportRequest(
        tool=tool, source=source, out=out, origin=checked_origin(team, run), key=key
    )
    click.echo(f"{import_log(request, now=datetime.now(UTC))} events")


@training.command()
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder of the witness's memory; one process at a time.",
)
@click.option("--key", type=_file, required=True, help="The witness's private key.")
@click.option(
    "--name", default="dokja-witness", show_default=True, help="Name it signs under."
)
@click.option(
    "--team", "teams", multiple=True, metavar="TEAM=KEY.pem", help="Whom to witness."
)
@click.option(
    "--new", "is_new", is_flag=True, help="The key has witnessed nothing yet."
)
@click.option(
    "--challenge-one-in",
    "one_in",
    type=click.IntRange(min=1),
    default=16,
    show_default=True,
    help="Cosigned heads to one order to keep a checkpoint.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8100, show_default=True)
def witness(
    *,
    work: Path,
    key: Path,
    name: str,
    teams: tuple[str, ...],
    is_new: bool,
    one_in: int,
    host: str,
    port: int,
) -> None:
    """Cosign tree heads of registered teams; refuses to start without its memory."""
    try:
        import uvicorn

        from dokja.web.witness import make_witness_app
    except ImportError as error:
        raise Unavailable(
            f"the web packages are not installed: {error}",
            remedy="pip install 'dokja[web]'",
        ) from error
    from dokja.wiring.witness import WitnessRequest, open_witness

    request = WitnessRequest(
        work=work,
        key=key,
        name=name,
        teams=dict(map(_team, teams)),
        is_new=is_new,
        one_in=one_in,
    )
    with open_witness(request, clock=lambda: int(time.time())) as desk:
        click.echo(f"http://{host}:{port}/")
        uvicorn.run(
            make_witness_app(desk),
            host=host,
            port=port,
            server_header=False,
            log_level="warning",
            access_log=False,
        )


def _team(text: str) -> tuple[str, Path]:
    name, mark, path = text.partition("=")
    if not name or not mark or not path:
        raise InvalidInput(
            f"--team {text!r} does not name a team and its key",
            remedy="write TEAM=KEY.pem",
        )
    return name, Path(path)
