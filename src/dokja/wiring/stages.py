"""Programmes, stages, bundles and comparisons: paths in, acts called, out."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from dokja import __version__
from dokja.adapters.folders import ProgrammeFolder, publish_folder, read_folder
from dokja.adapters.folders.bundle_folder import check_destination
from dokja.adapters.signing import Ed25519Signer, Ed25519Verifier
from dokja.adapters.store import open_act_log
from dokja.adapters.store.act_log import SqlActLog
from dokja.adapters.weights import LocalModelFolder
from dokja.bundle import (
    KeyOrigin,
    TrustedKey,
    Verification,
    make_bundle,
    verify_bundle,
)
from dokja.bundle.measure import measure_again
from dokja.bundle.values import CONTENTS, RULEBOOK
from dokja.decision.after.progress import WITHDRAWAL, require_listed
from dokja.errors import Unavailable
from dokja.evidence.values import Check
from dokja.lineage import shipped_rules
from dokja.programme import parse_rulebook, rules_digest
from dokja.programme.matters import WHOLE_PROGRAMME
from dokja.report import render_stage_report
from dokja.settings import Settings
from dokja.stage import StageInputs, StageRecord, read_stage, run_stage
from dokja.stage.acts import bundled
from dokja.stage.values import StageEvidence, StagePlan
from dokja.submission.ports import ModelFolder
from dokja.wiring.handed_in_records import require_keys
from dokja.wiring.inspecting import no_folder
from dokja.wiring.instruments import (
    OnStep,
    make_instruments,
    require_harness,
)
from dokja.wiring.programmes import find_programme, shipped_programmes


@dataclass(frozen=True, kw_only=True)
class StageRequest:
    """What to run and where the bundle goes."""

    programme: str
    """Folder of a programme, or the name of a shipped one."""
    stage: str
    out: Path
    replace: bool
    fresh_evidence: bool
    """Whether a demonstration may begin its evidence anew."""


@dataclass(frozen=True, kw_only=True)
class PreparedStage:
    """What a run begins with, read and checked."""

    programme: ProgrammeFolder
    rulebook: str
    """The text as it will be published."""
    inputs: StageInputs
    signer: Ed25519Signer


@dataclass(frozen=True, kw_only=True)
class PublishedStage:
    """What a run left behind."""

    record: StageRecord
    bundle: Path
    evidence: str
    demo_key: bool


class LocalModels:
    """Models of a stage in two folders: one per team, one per reference."""

    def __init__(self, models: Path, references: Path, *, block_bytes: int) -> None:
        self._models = models
        self._references = references
        self._block_bytes = block_bytes

    def submission(self, team: str) -> ModelFolder:
        """The folder a team handed in."""
        return self._open(self._models / team)

    def reference(self, reference: str) -> ModelFolder:
        """The folder of a reference model."""
        return self._open(self._references / reference)

    def location(self, subject: str) -> str:
        """Path of the model's folder."""
        for place in (self._models, self._references):
            if (place / subject).is_dir():
                return str(place / subject)
        raise no_folder(self._models / subject)

    def _open(self, folder: Path) -> ModelFolder:
        if not folder.is_dir():
            raise no_folder(folder)
        return LocalModelFolder(folder, block_bytes=self._block_bytes)


def publish_stage(
    request: StageRequest, *, settings: Settings, on_step: OnStep
) -> PublishedStage:
    """Runs the stage and publishes its bundle.

    Nothing appears at the destination unless the whole stage was decided.
    Raises: every kind of DokjaError the stage can meet.
    """
    prepared = check_stage(request, settings=settings)
    programme, inputs = prepared.programme, prepared.inputs
    folder = programme.stage_folder(request.stage)
    models = LocalModels(
        folder / inputs.plan.models_folder,
        folder / inputs.plan.references_folder,
        block_bytes=settings.block_bytes,
    )
    evidence = settings.database or _evidence_beside(request)
    runs = request.out.with_name(f"{request.out.name}.runs").resolve()
    with open_act_log(evidence) as log:
        _require_who_takes_part(inputs.plan, log)
        record = run_stage(
            inputs,
            folders=models,
            instruments=make_instruments(settings, on_step, runs=str(runs)),
            log=log,
        )
        acts = bundled(log.acts(inputs.plan.programme, inputs.plan.stage))
    files = make_bundle(
        acts,
        rulebook=prepared.rulebook,
        report=render_stage_report(record),
        rules_digest=record.rules_digest,
        made_by=f"dokja {__version__}",
        signer=prepared.signer,
    )
    publish_folder(request.out, files, replace=request.replace)
    # Every record is in the evidence now.
    shutil.rmtree(runs, ignore_errors=True)
    return PublishedStage(
        record=record,
        bundle=request.out,
        evidence=evidence,
        demo_key=programme.demo_seed is not None and settings.signing_key is None,
    )


def _require_who_takes_part(plan: StagePlan, log: SqlActLog) -> None:
    """Nothing. Raises: NotAllowed where somebody who left on record is decided on."""
    require_listed(
        log.of_kind(plan.programme, WHOLE_PROGRAMME, WITHDRAWAL),
        [team for team in plan.teams if team not in plan.withdrawn],
        decided=plan.schedule.decided,
    )


def check_stage(request: StageRequest, *, settings: Settings) -> PreparedStage:
    """What a run begins with.

    Raises: everything that a run refuses before it measures anything.
    """
    check_destination(request.out, replace=request.replace)
    programme = find_programme(request.programme)
    texts = programme.stage_texts(request.stage)
    inputs = read_stage(texts, lineage_rules=shipped_rules())
    signer = _signer(programme, settings)
    require_harness(inputs.plan.harness)
    require_keys(inputs.plan)
    return PreparedStage(
        programme=programme,
        rulebook=texts.rulebook,
        inputs=inputs,
        signer=signer,
    )


def verify_published(
    folder: Path,
    *,
    key: Path | None,
    models: Path | None,
    settings: Settings,
    on_step: OnStep,
) -> Verification:
    """What holds of a published bundle, measured again where models are given."""
    files = read_folder(folder)
    measure = None
    if models is not None:
        again = LocalModels(
            models / "models" if (models / "models").is_dir() else models,
            models / "references" if (models / "references").is_dir() else models,
            block_bytes=settings.block_bytes,
        )
        measure = partial(
            _measure_again, folders=again, settings=settings, on_step=on_step
        )
    return verify_bundle(files, key=trusted_key(files, key), measure=measure)


def _measure_again(
    evidence: StageEvidence,
    *,
    folders: LocalModels,
    settings: Settings,
    on_step: OnStep,
) -> tuple[Check, ...]:
    with TemporaryDirectory(prefix="dokja-runs-") as runs:
        instruments = make_instruments(settings, on_step, runs=runs)
        return measure_again(evidence, folders=folders, instruments=instruments)


def _signer(programme: ProgrammeFolder, settings: Settings) -> Ed25519Signer:
    if settings.signing_key is not None:
        return Ed25519Signer.from_pem(Path(settings.signing_key))
    if programme.demo_seed is not None:
        return Ed25519Signer.from_seed(hashlib.sha256(programme.demo_seed).digest())
    raise Unavailable(
        "there is no key to sign the bundle with",
        remedy="set DOKJA_SIGNING_KEY to the office's Ed25519 private key (PEM)",
    )


def _evidence_beside(request: StageRequest) -> str:
    path = request.out.with_name(f"{request.out.name}.evidence.sqlite")
    if request.fresh_evidence and request.replace:
        for leftover in path.parent.glob(f"{path.name}*"):
            leftover.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{path.resolve()}"


def trusted_key(files: dict[str, bytes], key: Path | None) -> TrustedKey:
    """The key given, else the one pinned beside the same rulebook, else none."""
    if key is not None:
        try:
            text = key.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Unavailable(
                f"key file {key} cannot be read: {error}",
                remedy="give the office's public key as a PEM file",
            ) from error
        verifier = Ed25519Verifier.from_pem_text(text)
        return TrustedKey(verifier=verifier, origin=KeyOrigin.GIVEN)
    for programme in shipped_programmes().values():
        if programme.public_key is not None and _same_rules(files, programme):
            verifier = Ed25519Verifier.from_pem_text(programme.public_key)
            return TrustedKey(verifier=verifier, origin=KeyOrigin.PINNED)
    return TrustedKey(verifier=None, origin=KeyOrigin.NONE)


def _same_rules(files: dict[str, bytes], programme: ProgrammeFolder) -> bool:
    """Whether the bundle names exactly the rules the key is pinned beside."""
    digest = rules_digest(parse_rulebook(programme.rulebook, where=RULEBOOK))
    return digest.encode() in files.get(CONTENTS, b"")
