"""`dokja commitment probe|verify`: promises tried by a program, and tried again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dokja.cli.desk import file_or_show, opened_desk
from dokja.cli.options import desk_options, json_option, lang_option, mandate_options

if TYPE_CHECKING:
    from dokja.wiring.probes import Probed, ProbeRequest

EXIT_ADVERSE, EXIT_OPEN = 3, 4
_count = click.IntRange(1, 100_000)
_seconds = click.FloatRange(min=0, min_open=True)


@click.command()
@click.argument("name")
@click.argument("places", nargs=-1)
@click.option(
    "--times", type=_count, default=None,
    help="Requests to a service, entries of a catalogue to try, or sequences of "
    "tokens to give to a release.  [default: 200, 50 or 8]",
)  # fmt: skip
@click.option(
    "--every", type=_seconds, default=1.0, show_default=True,
    help="Seconds from the start of one request to that of the next.",
)  # fmt: skip
@click.option(
    "--within", type=_seconds, default=30.0, show_default=True,
    help="Seconds after which an answer that is not whole counts as none.",
)  # fmt: skip
@click.option(
    "--model", default="",
    help="Name of the model, where PLACE is an OpenAI-compatible server; else PLACE "
    "is fetched as a page.",
)  # fmt: skip
@click.option(
    "--control", default="",
    help="A page of somebody else, asked beside each request: where it fails too, "
    "the network here is at fault.",
)  # fmt: skip
@click.option(
    "--beacon", default="",
    help="Drawn after what is tried was published; fixes what a release is asked, and "
    "which entries of a catalogue are tried.",
)  # fmt: skip
@click.option("--licence", default="", help="The licence, where people read its text.")
@click.option("--read-in", default="", help="Where the licence was read.")
@mandate_options
@json_option
@lang_option
def probe(name: str, places: tuple[str, ...], **given: Any) -> None:
    """Try what commitment NAME promises at PLACES, keep the evidence, and file it.

    The rule of the commitment says what is tried: a service is asked, the formats of
    a release are run, a licence is read, entries of a catalogue are called.
    """
    from dokja.cli.progress import shown_items
    from dokja.settings import read_settings
    from dokja.wiring.probes import keep_evidence, probe, probe_act

    settings, request = read_settings(), _request(name, places, given)
    with opened_desk(given["programme"], given["work"]) as desk:
        # A clause that is none is refused before anything is asked.
        desk.mandate(given["by"], given["clause"])
        with shown_items() as on_items:
            probed = probe(desk, request, settings=settings, on_items=on_items)
        if not given["dry_run"]:
            keep_evidence(given["work"], probed)
        mandate = desk.mandate(given["by"], given["clause"])
        act = probe_act(desk, probed, mandate=mandate)
        file_or_show(desk, act, dry_run=given["dry_run"], as_json=given["as_json"])
    if not given["as_json"]:
        _show(probed, given["lang"])


@click.command()
@click.argument("name")
@desk_options
@json_option
@click.pass_context
def verify(
    context: click.Context, name: str, *, programme: str, work: Path, as_json: bool
) -> None:
    """Derive every measurement of commitment NAME anew from its kept evidence.

    Exits 3 where a figure does not follow from its evidence, 4 where evidence of a
    probe is missing.
    """
    from dokja.evidence.canonical import canonical_bytes
    from dokja.wiring.probes import check_measurements

    with opened_desk(programme, work) as desk:
        checks = check_measurements(desk, name, work)
    if as_json:
        click.echo(canonical_bytes({"measurements": checks}))
    else:
        for check in checks:
            click.echo(f"{check.at}  {check.result}  {check.detail}")
    results = {str(check.result) for check in checks}
    context.exit(
        EXIT_ADVERSE if "fail" in results else EXIT_OPEN if "not_run" in results else 0
    )


def _request(name: str, places: tuple[str, ...], given: dict[str, Any]) -> ProbeRequest:
    from dokja.wiring.probe_releases import LicenceAsking
    from dokja.wiring.probe_services import ServiceAsking
    from dokja.wiring.probes import ProbeRequest

    times = given["times"]
    return ProbeRequest(
        commitment=name,
        places=places,
        beacon=given["beacon"],
        service=ServiceAsking(
            requests=times or ServiceAsking.requests,
            every=given["every"],
            within=given["within"],
            model=given["model"],
            control=given["control"],
        ),
        entries=times or ProbeRequest.entries,
        sequences=times or ProbeRequest.sequences,
        licence=LicenceAsking(licence=given["licence"], read_in=given["read_in"]),
    )


def _show(probed: Probed, lang: str) -> None:
    from dokja.cli.commitment_view import show_measured

    show_measured(probed.measured, lang=lang)
