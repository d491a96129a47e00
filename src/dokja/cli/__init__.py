"""The command line: parse, call one act, render; commands load when called."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping

import click

FORESEEN_FAILURE = 5
INTERRUPTED = 130

COMMANDS: Mapping[str, tuple[str, str]] = {
    "allegation": ("dokja.cli.allegation:allegation", "Allegations, to the end."),
    "benchmark": ("dokja.cli.benchmark:benchmark", "Measure models with suites."),
    "bundle": ("dokja.cli.bundle:bundle", "Verify a published stage; make its site."),
    "call": ("dokja.cli.call:call", "Calls: applications, selection, agreements."),
    "commitment": ("dokja.cli.commitment:commitment", "What teams promised."),
    "contest": ("dokja.cli.contest:contest", "Votes on blind pairs, rated."),
    "decision": ("dokja.cli.decision:decision", "What follows a stage's decision."),
    "demo": ("dokja.cli.demo:demo", "Run a whole stage on five tiny real models."),
    "disclosure": ("dokja.cli.disclosure:disclosure", "Who sees which scores."),
    "independence": (
        "dokja.cli.independence:independence",
        "What the evidence says of a submission's independence.",
    ),
    "index": ("dokja.cli.index:index", "Measured indices and the moving target."),
    "lineage": ("dokja.cli.lineage:lineage", "Do these weights descend from those?"),
    "objection": ("dokja.cli.objection:objection", "Objections, from filed to final."),
    "panel": ("dokja.cli.panel:panel", "Who may judge whom, and do they agree?"),
    "programme": ("dokja.cli.programme:programme", "Check and show a rulebook."),
    "recognition": (
        "dokja.cli.recognition:recognition",
        "What outsiders say of models; no score.",
    ),
    "replay": ("dokja.cli.replay:replay", "Decide a published stage again."),
    "schedule": ("dokja.cli.schedule:schedule", "Dates, changes, consultations."),
    "serve": ("dokja.cli.serve:serve", "Serve the web app of a stage."),
    "stage": ("dokja.cli.stage:stage", "Run a stage of a programme."),
    "suite": ("dokja.cli.suite:suite", "Show, convert, write and freeze suites."),
    "submission": ("dokja.cli.submission:submission", "Seal and check a submission."),
    "support": ("dokja.cli.support:support", "GPUs, data and money of a programme."),
    "training": ("dokja.cli.training:training", "Verify and witness training records."),
}
"""Name to where the command lives and its line of help."""


class LazyCommands(click.Group):
    """Imports a command's module when it is called, not when help is asked."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, by name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Writes the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dokja")
def commands() -> None:
    """Dokja (독자): runs a foundation-model programme and shows its evidence.

    Exit codes: 0 done or favourable, 3 adverse, 4 inconclusive or untrusted,
    5 foreseen failure, 130 interrupted.
    """


def main() -> None:
    """Runs the command line and ends the process with its exit code."""
    from dokja.errors import DokjaError

    try:
        code = commands.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    except DokjaError as error:
        click.echo(f"error: {_printable(str(error))}", err=True)
        sys.exit(FORESEEN_FAILURE)
    sys.exit(code if isinstance(code, int) else 0)


def _printable(text: str) -> str:
    """The text with control characters spelled out.

    It may quote names from a stranger's file, and a terminal obeys some of them.
    """
    return "".join(c if c == "\n" or c.isprintable() else repr(c)[1:-1] for c in text)
