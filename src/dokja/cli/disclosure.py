"""`dokja disclosure`: scores for everybody, for each team, and what proves them."""

from __future__ import annotations

from pathlib import Path

import click

from dokja.cli.desk import opened_office
from dokja.cli.options import desk_options, json_option, lang_option, stage_option

ADVERSE = 3
_file = click.Path(dir_okay=False, exists=True, path_type=Path)
_folder = click.Path(file_okay=False, path_type=Path)
_key = click.option("--key", type=_file, help="The office's public key (PEM).")


@click.group()
def disclosure() -> None:
    """Publish what the rules let be seen of a stage's scores; check it."""


@disclosure.command()
@click.argument("bundle", type=_folder)
@click.option("--out", type=_folder, required=True, help="Folder for everybody.")
@click.option("--sheets", type=_folder, help="Folder of the teams' own sheets.")
@click.option(
    "--secret", type=_file, required=True, help="32 random bytes the office keeps."
)
@_key
@click.option("--replace", is_flag=True, help="Put the new files in the old's place.")
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@json_option
@lang_option
def publish(
    *,
    bundle: Path,
    out: Path,
    sheets: Path | None,
    secret: Path,
    key: Path | None,
    replace: bool,
    dry_run: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Commit to every score of BUNDLE and open what its rules make public."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.disclosing import DisclosureRequest, disclose

    request = DisclosureRequest(
        bundle=bundle, secret=secret, key=key, out=out, sheets=sheets, replace=replace
    )
    published = disclose(request, dry_run=dry_run)
    if as_json:
        click.echo(canonical_bytes(published))
        return
    from dokja.cli.disclosure_view import show_published

    show_published(published, lang=lang)


@disclosure.command()
@click.option(
    "--as",
    "viewer",
    default="public",
    show_default=True,
    metavar="VIEWER",
    help="public, team:ID or auditor.",
)
@stage_option
@desk_options
@json_option
@lang_option
def view(
    *, viewer: str, stage: str, programme: str, work: Path, as_json: bool, lang: str
) -> None:
    """Show the office's record as the public, one team or an auditor may see it."""
    from dokja.disclosure import viewer_of
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.views import office_view

    who = viewer_of(viewer)
    with opened_office(programme, stage, work) as office:
        found = office_view(office, who)
    if as_json:
        click.echo(canonical_bytes(found))
        return
    from dokja.cli.disclosure_view import show_view

    show_view(found, lang=lang)


@disclosure.command()
@click.argument("published", type=_file)
@click.option("--sheet", type=_file, help="A team's own sheet.")
@click.option("--bundle", type=_folder, help="The whole record, for an auditor.")
@click.option("--secret", type=_file, help="The office's secret, with --bundle.")
@_key
@json_option
@lang_option
@click.pass_context
def verify(
    context: click.Context,
    *,
    published: Path,
    sheet: Path | None,
    bundle: Path | None,
    secret: Path | None,
    key: Path | None,
    as_json: bool,
    lang: str,
) -> None:
    """Check PUBLISHED (published.json): open scores, means, one's own sheet."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.evidence.values import CheckResult
    from dokja.wiring.disclosing import verify_disclosure

    checks = verify_disclosure(
        published, sheet=sheet, bundle=bundle, secret=secret, key=key
    )
    if as_json:
        click.echo(canonical_bytes({"checks": checks}))
    else:
        from dokja.cli.disclosure_view import show_checks

        show_checks(checks, lang=lang)
    failed = any(check.result is CheckResult.FAIL for check in checks)
    context.exit(ADVERSE if failed else 0)
