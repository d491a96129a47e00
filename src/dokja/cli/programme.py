"""`dokja programme`: a rulebook checked and shown."""

from __future__ import annotations

import click

from dokja.cli.options import json_option, lang_option


@click.group()
def programme() -> None:
    """Check and show a rulebook."""


@programme.command()
@click.argument("rulebook")
def check(rulebook: str) -> None:
    """Check RULEBOOK (a file, a folder, a shipped name) and print its digest."""
    from dokja.programme import rules_digest
    from dokja.wiring import find_rulebook

    rules, where = find_rulebook(rulebook)
    click.echo(
        f"{where}: {len(rules.clauses)} clauses, every reachable case has a policy"
    )
    click.echo(rules_digest(rules))


@programme.command()
@click.argument("rulebook")
@json_option
@lang_option
def show(rulebook: str, *, as_json: bool, lang: str) -> None:
    """Show the clauses, weights and policies of RULEBOOK with its digest."""
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring import find_rulebook

    rules, _ = find_rulebook(rulebook)
    if as_json:
        click.echo(canonical_bytes(rules))
        return
    from dokja.cli.rulebook_view import show_rulebook

    show_rulebook(rules, lang=lang)
