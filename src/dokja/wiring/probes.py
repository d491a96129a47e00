"""Probes of commitments: what is promised is tried, kept as evidence and filed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from dokja.adapters.folders.probe_folder import ProbeFolder
from dokja.commitment import Commitment, commitment_matter, commitment_of, record
from dokja.commitment.assess import promise_act
from dokja.commitment.compare_formats import ReleaseQuestions
from dokja.commitment.notes import note_of
from dokja.commitment.observations import SCHEMA, ProbeEvidence, Seen
from dokja.commitment.observed import figures_of
from dokja.commitment.values import (
    CatalogueRule,
    CommitmentStatus,
    EndpointRule,
    LicenceRule,
    Measured,
    Measurement,
    MeasuringRule,
    ReleaseRule,
    Reporter,
)
from dokja.errors import Conflict, DokjaError, InvalidInput, NotAllowed
from dokja.evidence.canonical import act_digest, canonical_bytes, digest_bytes, read_as
from dokja.evidence.values import Act, CheckResult
from dokja.programme.matters import Mandate
from dokja.settings import Settings
from dokja.wiring.matter_desk import MatterDesk
from dokja.wiring.probe_catalogues import CatalogueAsking, try_catalogue
from dokja.wiring.probe_releases import (
    LicenceAsking,
    read_release_licence,
    try_formats,
)
from dokja.wiring.probe_services import OnItems, ServiceAsking, watch_service

PROBES = "probes"
"""Folder of the office's work folder that holds the evidence."""


@dataclass(frozen=True, kw_only=True)
class ProbeRequest:
    """Which commitment to probe, where, and how each kind of promise is tried."""

    commitment: str
    places: tuple[str, ...]
    """Address of a service or a catalogue, or folders and files of a release."""
    beacon: str = ""
    """Drawn after what is tried was published; fixes what is asked."""
    service: ServiceAsking = field(default_factory=ServiceAsking)
    sequences: int = 8
    """Of tokens, given to every format of a release."""
    entries: int = 50
    """Of a catalogue that are tried at most."""
    licence: LicenceAsking = field(default_factory=LicenceAsking)


@dataclass(frozen=True, kw_only=True)
class Probed:
    """What a probe saw, and what would go on record."""

    evidence: ProbeEvidence
    data: bytes
    """The evidence as it is kept."""
    measured: Measured

    @property
    def digest(self) -> str:
        """By which the act names the evidence."""
        return digest_bytes(self.data)


def probe(
    desk: MatterDesk, request: ProbeRequest, *, settings: Settings, on_items: OnItems
) -> Probed:
    """What was seen of the promise; nothing is kept or filed yet.

    Raises: NotAllowed for a promise that no probe can measure or that was taken back;
    what asking raises.
    """
    matter = commitment_matter(desk.programme, request.commitment)
    history = desk.history(matter)
    at = desk.clock()
    found = commitment_of(matter, history, on=at.date())
    _require_measurable(found)
    promise = act_digest(promise_act(history))
    trying = _Trying(promise, request, settings, on_items)
    seen = trying.seen(found.rule)
    evidence = ProbeEvidence(
        schema=SCHEMA,
        programme=desk.programme,
        commitment=request.commitment,
        promise=promise,
        places=tuple(map(_shown, request.places)),
        at=at.isoformat(timespec="seconds"),
        seen=seen,
    )
    data = canonical_bytes(evidence)
    return Probed(
        evidence=evidence, data=data, measured=_measured(evidence, digest_bytes(data))
    )


def keep_evidence(work: Path, probed: Probed) -> Path:
    """The file that the evidence lies in from now on."""
    return ProbeFolder(work / PROBES).keep(probed.data)


def probe_act(desk: MatterDesk, probed: Probed, *, mandate: Mandate) -> Act:
    """The act of a measurement.

    Raises: Conflict where the promise was changed while it was measured; what
    `record` raises.
    """
    matter = commitment_matter(desk.programme, probed.evidence.commitment)
    history = desk.history(matter)
    if act_digest(promise_act(history)) != probed.evidence.promise:
        raise Conflict(
            f"commitment {matter.id} was changed while it was measured",
            remedy="probe it again, against what is promised now",
        )
    return record(matter, history, probed.measured, seen=len(history), mandate=mandate)


def read_evidence(work: Path, digest: str) -> ProbeEvidence:
    """The evidence of this digest. Raises: Unavailable, InvalidInput."""
    data = ProbeFolder(work / PROBES).read(digest)
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput(
            f"the evidence {digest} is no JSON", remedy="probe again"
        ) from error
    return read_as(document, ProbeEvidence, where=digest)


class MeasurementCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a measurement on record follows from its evidence."""

    at: str
    result: CheckResult
    detail: str


def check_measurements(
    desk: MatterDesk, name: str, work: Path
) -> tuple[MeasurementCheck, ...]:
    """Each measurement of a commitment, derived anew from what is kept of it."""
    matter = commitment_matter(desk.programme, name)
    history = desk.history(matter)
    found = commitment_of(matter, history, on=desk.clock().date())
    promises = {act_digest(act) for act in history}
    return tuple(_check(each, work, promises) for each in found.measurements)


def _check(
    measured: Measurement, work: Path, promises: Collection[str]
) -> MeasurementCheck:
    if measured.by is not Reporter.PROBE or len(measured.evidence) != 1:
        return MeasurementCheck(
            at=measured.at,
            result=CheckResult.DECLARED,
            detail=f"reported by {measured.by}",
        )
    digest = measured.evidence[0]
    try:
        evidence = read_evidence(work, digest)
    except DokjaError as error:
        return MeasurementCheck(
            at=measured.at, result=CheckResult.NOT_RUN, detail=error.fact
        )
    again = _measured(evidence, digest).figures
    if again == measured.figures and evidence.promise in promises:
        result, detail = CheckResult.PASS, digest
    else:
        result, detail = CheckResult.FAIL, f"does not follow from {digest}"
    return MeasurementCheck(at=measured.at, result=result, detail=detail)


def _measured(evidence: ProbeEvidence, digest: str) -> Measured:
    source = f"{SCHEMA} {digest}"
    return Measured(
        by=Reporter.PROBE,
        figures=figures_of(evidence.seen, source=source),
        evidence=(digest,),
        note=note_of(evidence.seen),
    )


def _shown(place: str) -> str:
    """The address, or the last name of a path: evidence is published."""
    return place if "://" in place else Path(place).resolve().name


def _require_measurable(found: Commitment) -> None:
    if found.status is CommitmentStatus.WITHDRAWN:
        raise NotAllowed(
            f"commitment {found.id} was taken back",
            remedy="register what is promised instead",
        )
    rules = EndpointRule | ReleaseRule | LicenceRule | CatalogueRule
    if not isinstance(found.rule, rules):
        raise NotAllowed(
            f"no probe can measure commitment {found.id}",
            remedy="hand in the reported number with `commitment measure`, or what "
            "people judge with `commitment judge`",
        )


@dataclass(frozen=True)
class _Trying:
    promise: str
    request: ProbeRequest
    settings: Settings
    on_items: OnItems

    def seen(self, rule: MeasuringRule) -> Seen:
        """What came of trying what the rule measures."""
        request, settings = self.request, self.settings
        if isinstance(rule, LicenceRule):
            return read_release_licence(
                request.places, request.licence, settings=settings
            )
        if isinstance(rule, ReleaseRule):
            questions = ReleaseQuestions(
                promise=self.promise,
                beacon=request.beacon,
                sequences=request.sequences,
            )
            return try_formats(
                rule.formats,
                request.places,
                questions,
                settings=settings,
                on_items=self.on_items,
            )
        if isinstance(rule, CatalogueRule):
            return try_catalogue(
                _only(request.places, "the address or the file of the catalogue"),
                CatalogueAsking(
                    promise=self.promise,
                    beacon=request.beacon,
                    most=request.entries,
                    within=request.service.within,
                ),
                on_items=self.on_items,
            )
        return watch_service(
            _only(request.places, "the address of the service"),
            request.service,
            settings=settings,
            on_items=self.on_items,
        )


def _only(places: tuple[str, ...], what: str) -> str:
    if len(places) != 1:
        raise InvalidInput(
            f"{len(places)} places were named", remedy=f"name one: {what}"
        )
    return places[0]
