"""An invented team whose model holds somebody's weights, and the shipped tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Text
from dokja.licence import LicenceExpression, parse_expression
from dokja.submission.bom import BillOfMaterials, make_bill, report_licences
from dokja.submission.bom.values import DeclaredSource, LicenceReport, SourceClass
from dokja.submission.seal import files_root
from dokja.submission.values import (
    ComponentKind,
    DeclaredComponent,
    Manifest,
    Seal,
    SealedFile,
    TrainingDeclaration,
    WeightState,
)
from dokja.wiring.licences import shipped_tables

TABLES = shipped_tables()
CREATED = "2026-01-31T09:00:00Z"


def read(text: str) -> LicenceExpression:
    """The expression, read with the shipped tables."""
    return parse_expression(text, TABLES)


def part(
    kind: ComponentKind,
    licence: str,
    state: WeightState = WeightState.INITIALISED,
    origin: str = "",
) -> DeclaredComponent:
    """One declared component under a folder of its own name."""
    return DeclaredComponent(
        kind=kind, path=kind.value, weight_state=state, origin=origin, licence=licence
    )


SOURCES = (
    DeclaredSource(
        id="wiki",
        version="2025-11",
        spdx="CC-BY-SA-4.0",
        sha256="a" * 64,
        documents=12,
        tokens=3400,
        url="https://example.org/wiki",
        language="ko",
        modality="text",
        kind=SourceClass.PUBLIC_DATASET,
    ),
    DeclaredSource(id="forum", spdx="공공누리 제1유형", tokens=600),
    DeclaredSource(id="letters"),
)
COMPONENTS = (
    part(ComponentKind.TEXT_DECODER, "Apache-2.0"),
    part(
        ComponentKind.VISION_ENCODER,
        "Llama 3.2",
        WeightState.INHERITED_TRAINED,
        "Llama 3.2 Vision 11B",
    ),
)


@dataclass
class MadeUpTeam:
    """A sealed submission in memory; each test changes what it is about."""

    licence: str = "Apache-2.0"
    model: str = "made-up-1"
    components: tuple[DeclaredComponent, ...] = COMPONENTS
    sources: tuple[DeclaredSource, ...] = SOURCES
    extra: tuple[str, ...] = ()
    notice: str | None = None
    training: bool = field(default=True, kw_only=True)

    def bill(self) -> BillOfMaterials:
        """Its bill, with the shipped tables."""
        return make_bill(self.seal(), self.sources, TABLES)

    def report(self) -> LicenceReport:
        """What its licences amount to."""
        return report_licences(self.bill(), self.notice, TABLES)

    def results(self) -> dict[str, str]:
        """The result of each check by its id."""
        return {check.id: check.result.value for check in self.report().checks}

    def seal(self) -> Seal:
        """What sealing would have kept."""
        training = TrainingDeclaration(
            recipe="training/recipe.toml", data="training/data.json", loss="loss.jsonl"
        )
        paths = [f"{one.path}/model.safetensors" for one in self.components]
        if self.training:
            paths += [training.recipe, training.data]
        files = tuple(
            SealedFile(
                path=path, size_bytes=len(path), digest=digest_bytes(path.encode())
            )
            for path in sorted({*paths, *self.extra})
        )
        return Seal(
            manifest=Manifest(
                team="made-up",
                stage="stage-1",
                model=self.model,
                name=Text(ko="지어낸 모델", en="Made-up model"),
                licence=self.licence,
                individual_suites=(),
                components=self.components,
                training=training if self.training else None,
            ),
            rules_digest="",
            files=files,
            root=files_root(files),
        )
