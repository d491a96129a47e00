"""Options that several commands share, declared once."""

from __future__ import annotations

import click

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the canonical JSON."
)
lang_option = click.option(
    "--lang",
    type=click.Choice(["en", "ko"]),
    default="en",
    show_default=True,
    help="Language of the text.",
)
replace_option = click.option(
    "--replace", is_flag=True, help="Replace a bundle that is already there."
)
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Read and check everything, write nothing."
)
workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=None,
    help="Processes to work with; changes no number.  [default: 2]",
)
