"""The calls of an office: its rulebook, its record, and files that are handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import msgspec

from dokja.adapters.store import Store, open_store
from dokja.call.agreements.state import AGREEMENT, AgreementFile, agreement_file
from dokja.call.applications.state import (
    APPLICATION,
    ApplicationFile,
    application_file,
)
from dokja.call.applications.values import (
    CitedComparison,
    CitedVerdict,
    HandedInFile,
)
from dokja.call.state import CALL, CallFile, call_file
from dokja.errors import InvalidInput, NotAllowed, Unavailable
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Act
from dokja.lineage import LineageReport
from dokja.lineage.fingerprints import ScanReport
from dokja.programme import Rulebook, rules_digest
from dokja.programme.matters import WHOLE_PROGRAMME, Matter, acts_of, ids_of
from dokja.settings import Settings
from dokja.wiring.office_store import office_database
from dokja.wiring.stages import find_rulebook

MOST_FILES = 1000
LARGEST_REPORT = 64 << 20
_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class CallRoom:
    """Calls, applications and agreements of one programme, as the record has them."""

    rulebook: Rulebook
    store: Store
    clock: Callable[[], datetime]

    @property
    def programme(self) -> str:
        """Id of the programme under which its acts stand."""
        return self.rulebook.programme

    def matter(self, kind: str, name: str) -> Matter:
        """The matter of that kind and id."""
        return Matter(programme=self.programme, kind=kind, id=name)

    def call_ids(self) -> tuple[str, ...]:
        """Ids of the calls, in the order in which they were drafted."""
        return ids_of(CALL, self._acts(CALL))

    def has_call(self, call: str) -> bool:
        """Whether the call was drafted."""
        return call in self.call_ids()

    def call(self, call: str) -> CallFile:
        """The call. Raises: Unavailable where there is none of that id."""
        matter = self.matter(CALL, call)
        acts = acts_of(matter, self._acts(CALL))
        if not acts:
            raise Unavailable(
                f"there is no call {call}",
                remedy=f"calls: {', '.join(self.call_ids()) or 'none yet'}",
            )
        found = call_file(matter, acts)
        self._require_same_rules(found)
        return found

    def applications(self, call: str) -> tuple[ApplicationFile, ...]:
        """Every application to the call, in the order in which they began."""
        acts = self._acts(APPLICATION)
        return tuple(
            application_file(matter, acts_of(matter, acts))
            for matter in self._of_call(APPLICATION, call, acts)
        )

    def has_application(self, call: str, application: str) -> bool:
        """Whether the application was begun."""
        return any(f.state.id == application for f in self.applications(call))

    def application(self, call: str, application: str) -> ApplicationFile:
        """The application. Raises: Unavailable where there is none of that id."""
        found = {file.state.id: file for file in self.applications(call)}
        if application not in found:
            raise Unavailable(
                f"there is no application {application} to call {call}",
                remedy=f"applications: {', '.join(found) or 'none yet'}",
            )
        return found[application]

    def agreements(self, call: str) -> tuple[AgreementFile, ...]:
        """Every agreement that came of the call."""
        acts = self._acts(AGREEMENT)
        return tuple(
            agreement_file(matter, acts_of(matter, acts))
            for matter in self._of_call(AGREEMENT, call, acts)
        )

    def agreement(self, call: str, application: str) -> AgreementFile:
        """The agreement. Raises: Unavailable where none was drafted."""
        for file in self.agreements(call):
            if file.state.id == application:
                return file
        raise Unavailable(
            f"there is no agreement with {application} of call {call}",
            remedy="draft it first: `dokja call agree`",
        )

    def keep(self, acts: Sequence[Act]) -> None:
        """Nothing; the acts stand in the record, all or none.

        Raises: Conflict where somebody else acted since they were read.
        """
        self.store.acts.append(acts)

    def _acts(self, kind: str) -> tuple[Act, ...]:
        return self.store.acts.of_kind(self.programme, WHOLE_PROGRAMME, kind)

    def _of_call(self, kind: str, call: str, acts: Sequence[Act]) -> list[Matter]:
        own = [name for name in ids_of(kind, acts) if name.startswith(f"{call}/")]
        return [self.matter(kind, name) for name in own]

    def _require_same_rules(self, call: CallFile) -> None:
        now, then = rules_digest(self.rulebook), call.state.rules_digest
        if then and then != now:
            raise NotAllowed(
                f"call {call.state.id} was opened under the rules {then}; those given "
                f"are {now}",
                remedy="give the rulebook it was opened under: nobody is held to rules "
                "that came later",
            )


@contextmanager
def open_call_room(
    programme: str, work: Path, *, settings: Settings, clock: Callable[[], datetime]
) -> Iterator[CallRoom]:
    """The calls of a programme (a rulebook, a folder or a shipped name).

    Raises: what reading the rulebook and opening the store raise.
    """
    rulebook, _ = find_rulebook(programme)
    work.mkdir(parents=True, exist_ok=True)
    with open_store(office_database(work, settings)) as store:
        yield CallRoom(rulebook=rulebook, store=store, clock=clock)


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
    data = _bounded(citation.report)
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
