"""The gate's share of the made-up stage: lineage, replies and findings."""

from __future__ import annotations

from dokja.evidence.values import Check, CheckResult, Text
from dokja.independence.values import (
    AspectFinding,
    FindingResult,
    IndependenceFinding,
    ReplyBook,
    ReplyState,
    TeamReply,
)
from dokja.lineage.values import (
    ComponentLineage,
    LineageReport,
    LineageTest,
    LineageVerdict,
    Relation,
    TensorClass,
    TokenizerComparison,
    worst,
)

LIMITS = Text(
    "가중치의 파생 여부만 보인다. 증거가 없다는 것은 독자적이라는 뜻이 아니다.",
    "This shows descent of weights only. No evidence does not mean independent.",
)
NOTHING = Text("어느 검정에도 증거가 없다.", "No test found evidence.")


def _test(
    test: str, kind: TensorClass, effect: float | None, p_value: float | None
) -> LineageTest:
    return LineageTest(
        id=test,
        tensor_class=kind,
        statistic=None if effect is None else 80 * effect,
        effect=effect,
        p_value=p_value,
        null=Text("은닉 유닛의 모든 순서", "every order of the hidden units"),
        survives=Text("추가 학습", "further training"),
        controls_negative=(-0.02, -0.01, 0.0, 0.01, 0.015, 0.03),
        control_positive=None if effect is None else 0.91,
        reason=None if effect is not None else Text("행이 하나", "one row"),
    )


def _part(
    name: str, reference: str, verdict: LineageVerdict, reason: Text = NOTHING
) -> ComponentLineage:
    effects: dict[LineageVerdict, tuple[float | None, float | None]] = {
        LineageVerdict.DERIVED: (0.74, 1e-300),
        LineageVerdict.REFER: (0.18, 2.4e-5),
        LineageVerdict.NO_EVIDENCE: (0.01, 0.41),
        LineageVerdict.UNTESTABLE: (None, None),
    }
    effect, p_value = effects[verdict]
    derived = verdict is LineageVerdict.DERIVED
    return ComponentLineage(
        name=name,
        reference=reference,
        verdict=verdict,
        relation=Relation.CONTINUED_PRETRAINING if derived else None,
        explained_share=0.63 if derived else None,
        layer_map=(0, 1, None, 3) if derived else (),
        detection_limit=0.1 if verdict is LineageVerdict.NO_EVIDENCE else None,
        tests=(
            _test("T1", TensorClass.MLP, effect, p_value),
            _test("T2", TensorClass.BOUNDARY, effect, p_value),
            _test("raw_agreement", TensorClass.ATTENTION, effect, None),
        ),
        identical_tensors=0,
        tested_tensors=24,
        untested=("vision.norm.weight: one row",),
        reason=reason,
    )


def _report(team: str, reference: str, *parts: ComponentLineage) -> LineageReport:
    return LineageReport(
        candidate=team,
        reference=reference,
        rules_digest="sha256:" + "91" * 32,
        verdict=worst(tuple(part.verdict for part in parts)),
        components=parts,
        tokenizer=TokenizerComparison(agreement=0.31, controls=(0.28, 0.33)),
        limits=LIMITS,
    )


def lineage() -> tuple[LineageReport, ...]:
    """Six teams against two references."""
    none = LineageVerdict.NO_EVIDENCE
    refer = Text(
        "효과가 회부 기준과 파생 기준 사이에 있다.",
        "The effect lies between the thresholds for refer and derived.",
    )
    derived = Text(
        "두 텐서 부류에서 기준을 넘었고 대조군과 떨어져 있다.",
        "Two tensor classes pass the thresholds, well apart from the controls.",
    )
    untestable = Text(
        "시험할 텐서가 너무 작다.", "The tensors are too small to be tested."
    )
    plain = ("team-a", "team-c", "team-e")
    return (
        *(
            _report(team, "open-ref", _part("text_decoder", "open-ref", none))
            for team in plain
        ),
        _report("team-b", "open-ref", _part("text_decoder", "open-ref", none)),
        _report(
            "team-b",
            "vision-ref",
            _part("vision_encoder", "vision-ref", LineageVerdict.DERIVED, derived),
        ),
        _report(
            "team-d",
            "open-ref",
            _part("text_decoder", "open-ref", LineageVerdict.REFER, refer),
        ),
        _report("team-f", "open-ref", _part("text_decoder", "open-ref", none)),
        _report(
            "team-f",
            "vision-ref",
            _part(
                "vision_encoder", "vision-ref", LineageVerdict.UNTESTABLE, untestable
            ),
        ),
    )


def _reply() -> TeamReply:
    return TeamReply(
        team="team-b",
        component="vision_encoder",
        at="2026-01-15T11:30:00+09:00",
        text=Text(
            "공개 모형으로 시작했으나 이후 전부 다시 학습했다.",
            "We began from the open model and trained all of it further.",
        ),
    )


def reply_book() -> ReplyBook:
    """One reply, made up."""
    note = Text("소명 내용은 지어낸 것이다.", "The replies are made up.")
    return ReplyBook(synthetic=True, note=note, replies=(_reply(),))


def _aspect(aspect: str, check: str, result: CheckResult) -> AspectFinding:
    results = {
        CheckResult.PASS: FindingResult.PASS,
        CheckResult.FAIL: FindingResult.FAIL,
    }
    return AspectFinding(
        aspect=aspect,
        result=results.get(result, FindingResult.UNDETERMINED),
        checks=(
            Check(
                id=check,
                result=result,
                detail=Text("점검 내용을 적는 곳이다.", "What was looked at."),
            ),
        ),
    )


def findings() -> tuple[IndependenceFinding, ...]:
    """Team B fails, D and F stay undetermined, the others pass."""
    technical = {"team-b": CheckResult.FAIL}
    technical |= dict.fromkeys(("team-d", "team-f"), CheckResult.INCONCLUSIVE)
    overall = {
        CheckResult.PASS: FindingResult.PASS,
        CheckResult.FAIL: FindingResult.FAIL,
        CheckResult.INCONCLUSIVE: FindingResult.UNDETERMINED,
    }
    states = {"team-b": ReplyState.REPLIED, "team-d": ReplyState.EXPIRED}
    teams = ("team-a", "team-b", "team-c", "team-d", "team-e", "team-f")
    return tuple(
        IndependenceFinding(
            team=team,
            gate="independence",
            result=overall[technical.get(team, CheckResult.PASS)],
            aspects=(
                _aspect("technical", "tech-01", technical.get(team, CheckResult.PASS)),
                _aspect("policy", "policy-01", CheckResult.PASS),
                _aspect("ethical", "ethic-01", CheckResult.PASS),
            ),
            reply_state=states.get(team, ReplyState.NOT_NEEDED),
            replies=(_reply(),) if team == "team-b" else (),
            reply_until="2026-01-21T13:00:00+09:00",
        )
        for team in teams
    )
