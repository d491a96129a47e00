"""The calls of an office as the record has them, and files that are handed in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from dokja.call.agreements.state import AGREEMENT, AgreementFile, agreement_file
from dokja.call.applications.state import (
    APPLICATION,
    ApplicationFile,
    ApplicationState,
    application_file,
)
from dokja.call.applications.values import (
    CitedComparison,
    CitedVerdict,
    HandedInFile,
)
from dokja.call.overview import CallOverview, call_overview
from dokja.call.state import CALL, CallFile, call_file
from dokja.errors import InvalidInput, NotAllowed, Unavailable
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Act
from dokja.lineage import LineageReport
from dokja.lineage.fingerprints import ScanReport
from dokja.programme import Rulebook, rules_digest
from dokja.programme.matters import Matter
from dokja.wiring.matter_desk import MatterDesk

MOST_FILES = 1000
LARGEST_REPORT = 64 << 20
_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class CallRoom:
    """Calls, applications and agreements of one programme, read at the desk."""

    desk: MatterDesk

    @property
    def rulebook(self) -> Rulebook:
        """The rules the calls stand under."""
        return self.desk.rulebook

    def matter(self, kind: str, name: str) -> Matter:
        """The matter of that kind and id."""
        return Matter(programme=self.desk.programme, kind=kind, id=name)

    def unused(self, kind: str, name: str) -> Matter:
        """The matter of an id under which nothing stands yet.

        Raises: InvalidInput where something does.
        """
        found = self.matter(kind, name)
        if self.desk.history(found):
            raise InvalidInput(
                f"there is a {kind} {name} already", remedy="choose another id"
            )
        return found

    def call_ids(self) -> tuple[str, ...]:
        """Ids of the calls, in the order in which they were drafted."""
        return tuple(self.desk.histories(CALL))

    def call(self, call: str) -> CallFile:
        """The call. Raises: Unavailable where there is none of that id."""
        found = self.drafted(call)
        if found is None:
            raise Unavailable(
                f"there is no call {call}",
                remedy=f"calls: {', '.join(self.call_ids()) or 'none yet'}",
            )
        return found

    def drafted(self, call: str) -> CallFile | None:
        """The call, None where it was not drafted yet.

        Raises: NotAllowed where it was opened under other rules.
        """
        matter = self.matter(CALL, call)
        acts = self.desk.history(matter)
        if not acts:
            return None
        found = call_file(matter, acts)
        self._require_same_rules(found)
        return found

    def all_calls(self) -> tuple[CallFile, ...]:
        """Every call, whatever rules it was opened under, the first one first."""
        return tuple(
            call_file(self.matter(CALL, name), acts)
            for name, acts in self.desk.histories(CALL).items()
        )

    def overview(self, call: str, reader: str) -> CallOverview:
        """The call as the reader may see it. Raises: as `call` and `call_overview`."""
        return call_overview(
            self.call(call),
            self.applications(call),
            self.agreements(call),
            rulebook=self.rulebook,
            now=self.desk.clock().isoformat(),
            reader=reader,
        )

    def applications(self, call: str) -> tuple[ApplicationFile, ...]:
        """Every application to the call, in the order in which they began."""
        return tuple(
            application_file(self.matter(APPLICATION, name), acts)
            for name, acts in self._of_call(APPLICATION, call).items()
        )

    def bids(self, call: str) -> list[ApplicationState]:
        """Where every application to the call stands."""
        return [file.state for file in self.applications(call)]

    def begun(self, call: str, application: str) -> ApplicationFile | None:
        """The application, None where it was not begun yet."""
        matter = self.matter(APPLICATION, f"{call}/{application}")
        acts = self.desk.history(matter)
        return application_file(matter, acts) if acts else None

    def application(self, call: str, application: str) -> ApplicationFile:
        """The application. Raises: Unavailable where there is none of that id."""
        found = self.begun(call, application)
        if found is None:
            names = ", ".join(state.id for state in self.bids(call))
            raise Unavailable(
                f"there is no application {application} to call {call}",
                remedy=f"applications: {names or 'none yet'}",
            )
        return found

    def agreements(self, call: str) -> tuple[AgreementFile, ...]:
        """Every agreement that came of the call."""
        return tuple(
            agreement_file(self.matter(AGREEMENT, name), acts)
            for name, acts in self._of_call(AGREEMENT, call).items()
        )

    def agreement(self, call: str, application: str) -> AgreementFile:
        """The agreement. Raises: Unavailable where none was drafted."""
        found = self.drafted_agreement(call, application)
        if found is None:
            raise Unavailable(
                f"there is no agreement with {application} of call {call}",
                remedy="draft it first: `dokja call agree`",
            )
        return found

    def drafted_agreement(self, call: str, application: str) -> AgreementFile | None:
        """The agreement, None where none was drafted."""
        matter = self.matter(AGREEMENT, f"{call}/{application}")
        acts = self.desk.history(matter)
        return agreement_file(matter, acts) if acts else None

    def _of_call(self, kind: str, call: str) -> dict[str, tuple[Act, ...]]:
        known = self.desk.histories(kind).items()
        return {name: acts for name, acts in known if name.startswith(f"{call}/")}

    def _require_same_rules(self, call: CallFile) -> None:
        now, then = rules_digest(self.rulebook), call.state.rules_digest
        if then and then != now:
            raise NotAllowed(
                f"call {call.state.id} was opened under the rules {then}; those given "
                f"are {now}",
                remedy="give the rulebook it was opened under: nobody is held to rules "
                "that came later",
            )


def handed_in(folder: Path) -> tuple[HandedInFile, ...]:
    """The files of a folder with their digests; nothing is followed out of it.

    Raises: Unavailable without such a folder; InvalidInput for a link, and for more
    files than an application has.
    """
    if not folder.is_dir():
        raise Unavailable(
            f"{folder} is no folder", remedy="give the folder of what is handed in"
        )
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise InvalidInput(
                f"{path.name} is a link", remedy="hand in the file itself"
            )
        if path.is_file():
            found.append(_file(path, folder))
        if len(found) > MOST_FILES:
            raise InvalidInput(
                f"{folder} holds more than {MOST_FILES} files",
                remedy="hand in the documents that the call asks for",
            )
    return tuple(found)


@dataclass(frozen=True, kw_only=True)
class Citation:
    """Which comparison of which report is cited beside which shown model."""

    report: Path
    entry: str
    reference: str | None
    """Picks one of a scan's comparisons; None where the report holds one."""
    holder: str
    """Organisation that released the reference, as the office found out."""
    released: date | None


def cited_comparison(citation: Citation) -> CitedComparison:
    """What a report of `lineage compare` or `lineage scan` says of a shown model.

    Raises: InvalidInput for a file that is neither, and where it is left open which
    comparison is meant.
    """
    return cited_in(_bounded(citation.report), citation)


def cited_in(data: bytes, citation: Citation) -> CitedComparison:
    """The same where the report was read already; its file only names it.

    Raises: as `cited_comparison`.
    """
    found = _comparison(data, citation.report.name, citation.reference)
    return CitedComparison(
        entry=citation.entry,
        report=digest_bytes(data),
        rules_digest=found.rules_digest,
        candidate=found.candidate,
        reference=found.reference,
        reference_holder=citation.holder,
        reference_released=citation.released,
        verdicts=tuple(
            CitedVerdict(component=part.name, verdict=part.verdict.value)
            for part in found.components
        ),
    )


def _comparison(data: bytes, name: str, reference: str | None) -> LineageReport:
    try:
        found = [msgspec.json.decode(data, type=LineageReport)]
    except msgspec.DecodeError:
        found = list(_scanned(data, name))
    chosen = [r for r in found if reference in (None, r.reference)]
    if len(chosen) != 1:
        names = ", ".join(report.reference for report in found) or "none"
        raise InvalidInput(
            f"{name} does not say which comparison is meant",
            remedy=f"name its reference; it holds {names}",
        )
    return chosen[0]


def _scanned(data: bytes, name: str) -> tuple[LineageReport, ...]:
    try:
        return msgspec.json.decode(data, type=ScanReport).comparisons
    except msgspec.DecodeError as error:
        raise InvalidInput(
            f"{name} is no report of a comparison: {error}",
            remedy="give what `dokja lineage compare --json` or `scan --json` printed",
        ) from error


def _file(path: Path, folder: Path) -> HandedInFile:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return HandedInFile(
        name=path.relative_to(folder).as_posix(),
        digest=f"sha256:{digest.hexdigest()}",
        bytes=size,
    )


def _bounded(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_REPORT:
            raise InvalidInput(
                f"{path.name} has {size} bytes, at most {LARGEST_REPORT}",
                remedy="give the report of one model",
            )
        return path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"{path} cannot be read: {error}", remedy="give the report's file"
        ) from error
