"""`dokja programme`: a rulebook checked, shown and rehearsed."""

from __future__ import annotations

from typing import Any

import click

from dokja.cli.options import assumption_options, json_option, lang_option


@click.group()
def programme() -> None:
    """Check, show and rehearse a rulebook."""


@programme.command()
@click.argument("rulebook")
def check(rulebook: str) -> None:
    """Check RULEBOOK (a file, a folder, a shipped name) and print its digest."""
    from dokja.programme import rules_digest
    from dokja.wiring.programmes import find_rulebook

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
    from dokja.wiring.programmes import find_rulebook

    rules, _ = find_rulebook(rulebook)
    if as_json:
        click.echo(canonical_bytes(rules))
        return
    from dokja.cli.rulebook_view import show_rulebook

    show_rulebook(rules, lang=lang)


@programme.command()
@click.argument("rulebook")
@click.option("--stage", default=None, help="Stage to rehearse.  [default: the first]")
@assumption_options
@json_option
@lang_option
def rehearse(
    rulebook: str, *, stage: str | None, as_json: bool, lang: str, **assumed: Any
) -> None:
    """Simulate a stage under RULEBOOK before it is frozen.

    Says how often the wrong team would leave and which cases the rules leave
    open. Every figure is simulated from the assumptions given here.
    """
    from dokja.cli.progress import shown_progress
    from dokja.evidence.canonical import canonical_bytes
    from dokja.programme import read_rulebook
    from dokja.rehearsal import Assumptions, rehearse_rules
    from dokja.wiring.programmes import find_rulebook

    rules, _ = find_rulebook(rulebook, read=read_rulebook)
    with shown_progress() as on_step:
        found = rehearse_rules(
            rules, Assumptions(**assumed), stage=stage, on_step=on_step
        )
    if as_json:
        click.echo(canonical_bytes(found))
        return
    from dokja.cli.rehearsal_view import show_rehearsal

    show_rehearsal(found, lang=lang)
