"""What the made-up stage put on record, for the report's tests."""

from __future__ import annotations

from dokja.benchmark.values import (
    Item,
    OfficialRun,
    Suite,
    SuiteHeader,
    Track,
)
from dokja.contest.values import Ballot, BallotBox, Question, Scale
from dokja.evidence.values import Text
from dokja.lineage.rules import shipped_rules
from dokja.panel.values import Criterion, Expert, ExpertSheet, Panel
from dokja.stage.values import (
    HarnessPlan,
    Schedule,
    StageEvidence,
    StagePlan,
)
from dokja.submission.values import (
    ComponentKind,
    DeclaredComponent,
    Manifest,
    ReferenceModel,
    RegisteredReference,
    Seal,
    SealedFile,
    WeightState,
)
from tests import report_gate_fixture as gate
from tests.report_rulebook_fixture import rulebook

TEAMS = ("team-a", "team-b", "team-c", "team-d", "team-e", "team-f", "team-g")

NAMES = {
    "team-a": Text("가 모형", "Model A"),
    "team-b": Text("나 모형", "Model B"),
    "team-c": Text("다 모형", "Model C"),
    "team-d": Text("라 모형", "Model D"),
    "team-e": Text("마 모형", "Model E"),
    "team-f": Text("바 모형", "Model F"),
}

SUITES = {"reading": 0.25, "sums": 0.5}

DIGEST = "sha256:" + "5d" * 32


def _plan() -> StagePlan:
    return StagePlan(
        schema="dokja.stage/1",
        programme="invented",
        stage="stage-1",
        name=Text("1단계 평가 결과", "Result of the first stage"),
        note=Text("시험을 위해 지어낸 단계이다.", "This stage was invented for tests."),
        teams=TEAMS,
        withdrawn=("team-g",),
        references=("open-ref", "vision-ref"),
        target_reference="open-ref",
        suites={"nia": ("reading",), "common": ("reading", "sums")},
        harness=HarnessPlan(name="harness", batch_size=8, dtype="float32"),
        schedule=Schedule(
            rules_frozen="2026-01-02T09:00:00+09:00",
            sealed="2026-01-05T18:00:00+09:00",
            benchmarked="2026-01-07T18:00:00+09:00",
            panel_closed="2026-01-09T18:00:00+09:00",
            ballots_closed="2026-01-10T18:00:00+09:00",
            lineage_measured="2026-01-11T12:00:00+09:00",
            reply_requested="2026-01-11T13:00:00+09:00",
            decided="2026-01-22T10:00:00+09:00",
        ),
        beacon="drawn-after-sealing-000451",
        models_folder="models",
        references_folder="references",
    )


def _file(path: str) -> SealedFile:
    return SealedFile(path=path, size_bytes=1234567, digest="sha256:" + "ab" * 32)


def _declared(kind: ComponentKind) -> DeclaredComponent:
    return DeclaredComponent(
        kind=kind,
        path=kind.value,
        weight_state=WeightState.INITIALISED,
        origin="own training",
        licence="Apache-2.0",
    )


def _seal(team: str) -> Seal:
    kinds = [ComponentKind.TEXT_DECODER]
    if team in {"team-b", "team-f"}:
        kinds.append(ComponentKind.VISION_ENCODER)
    return Seal(
        manifest=Manifest(
            team=team,
            stage="stage-1",
            model=f"{team}-1m",
            name=NAMES[team],
            licence="Apache-2.0",
            individual_suites=("sums",),
            components=tuple(_declared(kind) for kind in kinds),
        ),
        rules_digest=DIGEST,
        files=(_file("config.json"), _file("model.safetensors")),
        root="sha256:" + "c3" * 32,
    )


def _reference(reference: str, name: Text, kind: ComponentKind) -> RegisteredReference:
    model = ReferenceModel(
        id=reference,
        model=reference,
        name=name,
        licence="MIT",
        components=(_declared(kind),),
    )
    return RegisteredReference(
        model=model, files=(_file("model.safetensors"),), root="sha256:" + "e7" * 32
    )


def _suite(suite: str, chance: float) -> Suite:
    titles = {
        "reading": Text("읽고 고르기", "Reading"),
        "sums": Text("셈하기", "Sums"),
    }
    item = Item(id="1", question="?", choices=("a", "b"), answer=0, cluster="1")
    return Suite(
        header=SuiteHeader(
            id=suite,
            version="1",
            title=titles[suite],
            description=Text("시험용 평가셋이다.", "A suite made for tests."),
            track=Track.TEXT,
            language="ko",
            licence="CC0-1.0",
            authors=("nobody",),
            source="invented",
            chance=chance,
            items=200,
        ),
        items=(item,),
    )


def _panel() -> Panel:
    criteria = (
        Criterion(id="strategy", name=Text("개발 전략", "Strategy"), max=10),
        Criterion(id="technology", name=Text("기술", "Technology"), max=25),
    )
    experts = tuple(
        Expert(id=f"expert-{n}", conflicts=("team-c",) if n == 2 else ())
        for n in range(1, 5)
    )
    sheets = tuple(
        ExpertSheet(
            expert=expert.id,
            team=team,
            scores={"strategy": 9 - position % 3, "technology": 20 - position},
        )
        for expert in experts
        for position, team in enumerate(TEAMS[:6])
        if team not in expert.conflicts
    )
    note = Text("평가표는 지어낸 것이다.", "The sheets are made up.")
    return Panel(
        synthetic=True, note=note, criteria=criteria, experts=experts, sheets=sheets
    )


def _ballots() -> BallotBox:
    return BallotBox(
        synthetic=True,
        note=Text("사용자 평가표는 지어낸 것이다.", "The ballots are made up."),
        scale=Scale(1, 5),
        questions=(
            Question(id="useful", name=Text("유용성", "Usefulness")),
            Question(id="efficient", name=Text("비용 효율", "Cost efficiency")),
        ),
        ballots=tuple(
            Ballot(
                user=f"user-{n}",
                team=team,
                answers={"useful": 3 + (n + i) % 3, "efficient": 2 + n % 3},
            )
            for n in range(1, 7)
            for i, team in enumerate(TEAMS[:6])
        ),
    )


def evidence() -> StageEvidence:
    """Seven teams, one of them withdrawn, and two references."""
    return StageEvidence(
        rulebook=rulebook(),
        lineage_rules=shipped_rules(),
        plan=_plan(),
        suites=tuple(_suite(suite, chance) for suite, chance in SUITES.items()),
        seals=tuple(_seal(team) for team in NAMES),
        references=(
            _reference(
                "open-ref",
                Text("공개 참조 모형", "Open reference"),
                ComponentKind.TEXT_DECODER,
            ),
            _reference(
                "vision-ref",
                Text("공개 비전 모형", "Open vision reference"),
                ComponentKind.VISION_ENCODER,
            ),
        ),
        runs=(
            OfficialRun(
                subject="team-a",
                weights_root="sha256:" + "c3" * 32,
                engine="harness 1.0, batch 8, float32",
                suites_digest="sha256:" + "77" * 32,
                samples=(),
            ),
        ),
        panel=_panel(),
        ballot_box=_ballots(),
        lineage=gate.lineage(),
        reply_book=gate.reply_book(),
    )
