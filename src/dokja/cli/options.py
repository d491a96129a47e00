"""Options that several commands share, declared once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]

_GAP = "True points between neighbours."

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
workers_option = click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=None,
    help="Processes to work with; changes no number.  [default: 2]",
)


seen_option = click.option(
    "--seen",
    type=click.IntRange(min=0),
    default=None,
    help="Entries that were read; others added meanwhile are a conflict.  [default: "
    "as many as there are now]",
)


def desk_options(command: Command) -> Command:
    """Options that say which programme's record is read, and in which work folder."""
    options = (
        click.option(
            "--programme",
            default="example",
            show_default=True,
            help="Folder of a programme, or a shipped name.",
        ),
        click.option(
            "--work",
            type=click.Path(path_type=Path, file_okay=False),
            default=Path("dokja-office"),
            show_default=True,
            help="Folder of the office's stores.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


stage_option = click.option(
    "--stage", default="stage-1", show_default=True, help="Stage of the programme."
)


def mandate_options(command: Command) -> Command:
    """Options that say who acts, why, under which clause, on which record."""
    return _acting(command, is_required=True)


def perhaps_mandate_options(command: Command) -> Command:
    """The same of a command that acts only where it is told to."""
    return _acting(command, is_required=False)


def _acting(command: Command, *, is_required: bool) -> Command:
    options = (
        click.option("--by", required=is_required, help="Pseudonym of whoever acts."),
        click.option("--clause", help="Clause acted under.  [default: by the act]"),
        click.option("--reason-ko", default="", help="Why, in Korean."),
        click.option("--reason-en", default="", help="Why, in English."),
        click.option(
            "--dry-run", is_flag=True, help="Check everything and write nothing."
        ),
    )
    for option in reversed(options):
        command = option(command)
    return desk_options(command)


def assumption_options(command: Command) -> Command:
    """Options that say what a simulated stage is made from."""
    whole = click.IntRange(min=1)
    options = (
        click.option("--teams", type=click.IntRange(3, 20), default=5),
        click.option("--gap", type=click.FloatRange(0, 20), default=1.5, help=_GAP),
        click.option("--items", type=whole, default=200, help="Items in a suite."),
        click.option("--raters", type=click.IntRange(min=2), default=10),
        click.option("--voters", type=click.IntRange(2, 100_000), default=200),
        click.option("--simulations", type=whole, default=1000),
        click.option("--seed", type=click.IntRange(min=0), default=0),
    )
    for option in reversed(options):
        command = option(command)
    return command


def engine_options(command: Command) -> Command:
    """Options that say what measures, all of which can change a score."""
    whole = click.IntRange(min=1)
    options = (
        click.option(
            "--engine",
            "name",
            type=click.Choice(
                ["lm-eval", "transformers", "llama.cpp", "endpoint", "inspect"]
            ),
            default="lm-eval",
            show_default=True,
            help="What measures.",
        ),
        click.option("--batch-size", type=whole, default=16, help="lm-eval."),
        click.option("--dtype", default="float32", help="lm-eval."),
        click.option("--context", type=whole, default=4096, help="llama.cpp."),
        click.option("--threads", type=whole, default=1, help="llama.cpp."),
        click.option(
            "--temperature",
            type=click.FloatRange(min=0),
            default=0.0,
            help="Of written answers.",
        ),
        click.option("--seed", type=click.IntRange(min=0), default=0),
        click.option("--address", default="", help="Served: URL without /v1."),
        click.option("--served-by", default="", help="Served: engine, version, …"),
        click.option("--weights", default="", help="Served: digest of the weights."),
        click.option("--echoes", is_flag=True, help="endpoint: gives log-likelihoods."),
        click.option("--at-once", type=whole, default=1, help="endpoint: questions."),
        click.option("--judge-model", default="", help="inspect: name of the judge."),
        click.option("--judge-address", default="", help="inspect: URL without /v1."),
        click.option("--judge-served-by", default="", help="inspect: engine, …"),
        click.option("--judge-weights", default="", help="inspect: digest."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def page_options(what: str) -> Callable[[Command], Command]:
    """`--html` and `--replace`; `what` is the help of the first."""
    file = click.option("--html", "page", type=click.Path(path_type=Path), help=what)
    replace = click.option(
        "--replace", is_flag=True, help="Replace a page that is already there."
    )
    return lambda command: file(replace(command))


def publishing_options(default_out: str | None) -> Callable[[Command], Command]:
    """Options of a command that runs a stage; `--out` is required without default."""
    options = (
        click.option(
            "--out",
            type=click.Path(file_okay=False, path_type=Path),
            default=default_out,
            required=default_out is None,
            show_default=True,
            help="Folder that becomes the bundle.",
        ),
        click.option(
            "--replace", is_flag=True, help="Replace a bundle that is already there."
        ),
        workers_option,
        click.option(
            "--dry-run",
            is_flag=True,
            help="Read and check everything, write nothing.",
        ),
        json_option,
        lang_option,
    )

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate
