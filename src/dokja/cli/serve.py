"""`dokja serve`: the web app on this machine."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from dokja.errors import Unavailable


@click.command()
@click.argument("programme", default="example")
@click.argument("stage", default="stage-1")
@click.option(
    "--work",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("dokja-office"),
    show_default=True,
    help="Folder of the office's two stores.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
def serve(programme: str, stage: str, work: Path, host: str, port: int) -> None:
    """Serve a stage of PROGRAMME: panel, contest, console and record."""
    try:
        import uvicorn

        from dokja.web import make_app
    except ImportError as error:
        raise Unavailable(
            f"the web app's packages are not installed: {error}",
            remedy="pip install 'dokja[web]'",
        ) from error
    from dokja.settings import read_settings
    from dokja.wiring.office import OfficeRequest, first_invitations, open_office

    request = OfficeRequest(programme=programme, stage=stage, work=work)
    settings = read_settings()
    clock = partial(datetime.now, UTC)
    with open_office(request, settings=settings, clock=clock) as office:
        site = settings.address or f"http://{host}:{port}"
        click.echo(f"{site}/")
        for invitation, token in first_invitations(office):
            who = f"{invitation.role} {invitation.subject}".strip()
            click.echo(f"  invitation for {who}: {site}/invitation/{token}")
        uvicorn.run(
            make_app(office),
            host=host,
            port=port,
            server_header=False,
            log_level="warning",
            access_log=False,
        )
