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
@lang_option
def site(
    folder: Path,
    *,
    out: Path,
    replace: bool,
    key: Path | None,
    corrections: Path | None,
    contact: str,
    lang: str,
) -> None:
    """Make static pages of BUNDLE that check themselves in the browser."""
    from dokja.wiring.site import SiteRequest, publish_site

    made = publish_site(
        SiteRequest(
            bundle=folder,
            out=out,
            replace=replace,
            key=key,
            log=corrections,
            contact=contact,
        )
    )
    if lang == "ko":
        click.echo(f"공표 사항 {made.claims}건, 정정 {made.corrections}건")
        click.echo(f"사이트  {made.folder / 'index.html'}")
        click.echo(f"검증    {made.folder / 'verify.html'}")
    else:
        click.echo(f"{made.claims} claims, {made.corrections} corrections")
        click.echo(f"site    {made.folder / 'index.html'}")
        click.echo(f"verify  {made.folder / 'verify.html'}")
    if not made.has_key:
        click.echo(
            "공개키를 알 수 없어 싣지 않았습니다. 독자가 직접 받은 키로 확인합니다."
            if lang == "ko"
            else "No key is known, so the page carries none; readers paste their own."
        )


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
@lang_option
def correct(
    folder: Path, entry: Path, *, log: Path, key: Path | None, lang: str
) -> None:
    """Append the correction in ENTRY to the log of BUNDLE's corrections."""
    from dokja.wiring.site import correct as append

    last = append(folder, log=log, entry=entry, key=key).corrections[-1]
    click.echo(
        f"정정 {last.number}: {last.claim}"
        if lang == "ko"
        else f"correction {last.number}: {last.claim}"
    )
