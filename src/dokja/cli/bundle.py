"""`dokja bundle`: verify a bundle, put it on pages, put it right."""

from __future__ import annotations

from pathlib import Path

import click

from dokja.cli.options import json_option, lang_option, workers_option

EXIT_CODES = {"verified": 0, "failed": 3, "untrusted": 4, "inconclusive": 4}


@click.group()
def bundle() -> None:
    """Verify a published stage, make its site, correct it."""


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


_key_option = click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The office's public key (PEM); else the one pinned beside the rulebook.",
)
_dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Read and check everything, write nothing."
)


@bundle.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="BUNDLE")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder that becomes the site.",
)
@click.option("--replace", is_flag=True, help="Replace a site that is already there.")
@_key_option
@click.option(
    "--corrections",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The log that `dokja bundle correct` keeps.",
)
@click.option("--contact", default="", help="Where readers report errors.")
@_dry_run_option
@json_option
@lang_option
def site(
    folder: Path,
    *,
    out: Path,
    replace: bool,
    key: Path | None,
    corrections: Path | None,
    contact: str,
    dry_run: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Make static pages of BUNDLE that check themselves in the browser."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.site import SiteRequest, publish_site

    request = SiteRequest(
        bundle=folder,
        out=out,
        replace=replace,
        key=key,
        log=corrections,
        contact=contact,
    )
    made = publish_site(request, dry_run=dry_run)
    if as_json:
        click.echo(canonical_bytes(made))
        return
    english = lang == "en"
    click.echo(
        f"{made.claims} claims, {made.corrections} corrections, {made.files} files"
        if english
        else f"공표 {made.claims}건, 정정 {made.corrections}건, 파일 {made.files}개"
    )
    if not made.has_key:
        click.echo(
            "No key is known, so the page carries none; readers paste their own."
            if english
            else "공개키를 알 수 없어 싣지 않았습니다. 독자가 받은 키로 확인합니다."
        )
    if not dry_run:
        click.echo(f"{'site    ' if english else '사이트  '}{out / 'index.html'}")
        click.echo(f"{'verify  ' if english else '검증    '}{out / 'verify.html'}")


@bundle.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="BUNDLE")
@click.argument("entry", type=click.Path(path_type=Path), metavar="ENTRY")
@click.option(
    "--log",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="corrections.toml, begun where it is not there yet.",
)
@_key_option
@_dry_run_option
@json_option
@lang_option
def correct(
    folder: Path,
    entry: Path,
    *,
    log: Path,
    key: Path | None,
    dry_run: bool,
    as_json: bool,
    lang: str,
) -> None:
    """Append the correction in ENTRY to the log of BUNDLE's corrections."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.site import correct as append

    after = append(folder, log=log, entry=entry, key=key, dry_run=dry_run)
    last = after.corrections[-1]
    if as_json:
        click.echo(canonical_bytes(after))
    elif lang == "ko":
        click.echo(f"정정 {last.number}: {last.claim}")
    else:
        click.echo(f"correction {last.number}: {last.claim}")
