"""`dokja panel`: conflicts, assignment and agreement of an expert panel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dokja.cli.options import json_option, lang_option
from dokja.cli.text_file import text_of

if TYPE_CHECKING:
    from dokja.panel.values import Interests, PanelPlan
    from dokja.programme import Rulebook

CONFLICTS_SCHEMA = "dokja-panel-conflicts/1"
AGREEMENT_SCHEMA = "dokja-panel-agreement/1"
EXIT_ADVERSE = 3
_file = click.Path(dir_okay=False, exists=True, path_type=Path)
_rulebook = click.option(
    "--rulebook",
    help="Rulebook, folder or shipped programme whose rules hold where FILE has none.",
)


@click.group()
def panel() -> None:
    """Who may judge whom, who judges whom, and how far they agree."""


@panel.command()
@click.argument("file", type=_file)
@click.option(
    "--before",
    "earlier",
    type=_file,
    help="The plan before a change; only what the change moved is shown.",
)
@_rulebook
@json_option
@lang_option
def conflicts(
    file: Path,
    *,
    earlier: Path | None,
    rulebook: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Compute every expert's interest in every team from the ties in FILE.

    FILE is a plan in TOML or JSON, all under pseudonyms. What was declared and
    what was computed are both shown, and what was found and not declared.
    """
    from dokja.panel import changed_interests

    rules = _rules(rulebook)
    _, found = _interests(file, rules)
    shown = found.found
    if earlier is not None:
        shown = changed_interests(_interests(earlier, rules)[1], found)
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        fields = {
            "schema": CONFLICTS_SCHEMA,
            "computed_from": found.computed_from,
            "on": found.on,
            "interests": shown,
            "undeclared": [[i.expert, i.team] for i in shown if i.undeclared],
        }
        click.echo(canonical_bytes(fields))
        return
    from dokja.cli.panel_view import show_interests

    show_interests(shown, lang=lang)


@panel.command()
@click.argument("file", type=_file)
@_rulebook
@json_option
@lang_option
@click.pass_context
def assign(
    context: click.Context,
    file: Path,
    *,
    rulebook: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Assign the experts of FILE to its teams, or say which need cannot be met.

    Exit code 3 where no assignment keeps to the rules.
    """
    from dokja.panel import assign_experts, needs_of_plan
    from dokja.panel.plan import ASSIGNMENT_SCHEMA

    rules = _rules(rulebook)
    plan, interests = _interests(file, rules)
    found = assign_experts(interests, needs_of_plan(plan, rules))
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        click.echo(canonical_bytes({"schema": ASSIGNMENT_SCHEMA, "assignment": found}))
    else:
        from dokja.cli.panel_view import show_assignment

        show_assignment(found, lang=lang)
    if found.shortfalls:
        context.exit(EXIT_ADVERSE)


@panel.command()
@click.argument("file", type=_file)
@json_option
@lang_option
def agreement(file: Path, *, as_json: bool, lang: str) -> None:
    """Say how far the experts of FILE agree and what their severity does.

    FILE is a panel with its sheets, such as a stage's panel.json. The adjusted
    figures are a view; the official score stays the mean of the sheets.
    """
    from dokja.panel import agreement_report, parse_panel

    found = agreement_report(parse_panel(text_of(file), where=file.name))
    if as_json:
        from dokja.evidence.canonical import canonical_bytes

        click.echo(canonical_bytes({"schema": AGREEMENT_SCHEMA, "agreement": found}))
        return
    from dokja.cli.panel_view import show_agreement

    show_agreement(found, lang=lang)


def _rules(name: str | None) -> Rulebook | None:
    if name is None:
        return None
    from dokja.wiring.programmes import find_rulebook

    return find_rulebook(name)[0]


def _interests(file: Path, rulebook: Rulebook | None) -> tuple[PanelPlan, Interests]:
    from dokja.panel import find_interests, parse_plan, rules_of_plan

    plan = parse_plan(text_of(file), where=file.name)
    rules = rules_of_plan(plan, rulebook)
    return plan, find_interests(plan.register, rules, on=plan.on)
