"""`dokja replay k-ai`: the whole programme, printed, as JSON, and as a page."""

from __future__ import annotations

from pathlib import Path

import click


def run_programme(
    folder: Path, *, page: Path | None, replace: bool, as_json: bool, lang: str
) -> bool:
    """Whether the data decide the stage on the way; writes what the replay shows."""
    from dokja.cli.replay import parsed
    from dokja.evidence.canonical import canonical_bytes
    from dokja.programme.rulebook import parse_rulebook
    from dokja.replay import read_published
    from dokja.replay.whole import read_programme, replay_programme
    from dokja.wiring.library import prepared_page

    write = None if page is None else prepared_page(page, replace=replace)
    chapters = {file.name: parsed(file) for file in sorted(folder.glob("*.toml"))}
    history = read_programme(chapters)
    stage = folder.parent / history.stage / "published.toml"
    rules = folder.parent / "rulebook.toml"
    found = replay_programme(
        history,
        read_published(parsed(stage), where=stage.name),
        parse_rulebook(rules.read_text(encoding="utf-8"), where=rules.name),
    )
    if page is not None and write is not None:
        from dokja.cli.reproduction import reproduction
        from dokja.report import render_timeline

        command = ("dokja", "replay", found.case, "--html", page)
        write(render_timeline(found, reproduction=reproduction(command)))
        click.echo(f"page  {page}", err=True)
    if as_json:
        click.echo(canonical_bytes(found))
    else:
        from dokja.cli.replay_programme_view import show_programme

        show_programme(found, lang=lang)
    return found.settled_by_data
