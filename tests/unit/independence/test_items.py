"""Items of the dossier: what the evidence says, and what its absence does not."""

from __future__ import annotations

import pytest

from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult
from dokja.independence.items.assess import ASSESS, assess_items
from dokja.independence.items.evidence import TeamEvidence
from dokja.independence.items.questions import ITEMS
from dokja.independence.papers.values import (
    DeclaredAlgorithm,
    DeclaredModule,
    DeclaredPhase,
    DeclaredTokenizer,
    DossierDeclaration,
    ModuleOrigin,
    TeamAnswer,
)
from dokja.lineage.values import LineageVerdict
from dokja.programme.dossier_rules import ITEM_IDS, ItemSet
from dokja.submission.bom.values import DeclaredSource, SourceClass
from dokja.submission.values import WeightState
from dokja.training import Tier
from tests.dossier_fixture import (
    DECODER,
    VISION,
    both,
    compared,
    honest,
    papers,
    part,
    record,
    sealed,
)

FAIL, NOT_RUN = CheckResult.FAIL, CheckResult.NOT_RUN
DECLARED, INCONCLUSIVE = CheckResult.DECLARED, CheckResult.INCONCLUSIVE


def results(evidence: TeamEvidence) -> dict[str, CheckResult]:
    """Result by item."""
    return {one.id: one.result for one in assess_items(evidence)}


def test_the_three_lists_of_items_are_one() -> None:
    """Rules, questions and calculations name the same 29 items in one order."""
    assert tuple(ITEMS) == tuple(ASSESS) == ITEM_IDS[ItemSet.OF_2026_11]
    assert len(ITEMS) == 29


def test_without_any_evidence_no_item_passes_or_fails() -> None:
    """What nobody handed in is not run, except what a seal alone can show."""
    bare = TeamEvidence(seal=sealed(part()), lineage=())
    assert set(results(bare).values()) == {NOT_RUN}


def test_what_only_a_team_can_say_never_passes() -> None:
    """Every answer of a team is declared at most, whatever it says."""
    answers = tuple(TeamAnswer(item=item, text=both("yes")) for item in ITEMS)
    seal = sealed(part(), files=("dossier.toml",))
    declaration = DossierDeclaration(schema="", answers=answers)
    found = results(
        TeamEvidence(
            seal=seal, lineage=(), papers=papers(seal, declaration=declaration)
        )
    )
    assert found["policy-05"] is DECLARED
    passed = {item for item, result in found.items() if result is CheckResult.PASS}
    assert passed == {"policy-03"}


def test_an_answer_that_rests_on_an_unsealed_file_is_none() -> None:
    """A file that may still change shows nothing."""
    answer = TeamAnswer(item="policy-07", text=both("see"), files=("export.pdf",))
    for files, result in (((), NOT_RUN), (("export.pdf",), DECLARED)):
        seal = sealed(part(), files=files)
        declaration = DossierDeclaration(schema="", answers=(answer,))
        found = honest(seal=seal, papers=papers(seal, declaration=declaration))
        assert results(found)["policy-07"] is result


@pytest.mark.parametrize(
    ("verdict", "result"),
    [
        (LineageVerdict.NO_EVIDENCE, CheckResult.PASS),
        (LineageVerdict.UNTESTABLE, NOT_RUN),
        (LineageVerdict.REFER, INCONCLUSIVE),
        (LineageVerdict.PARTIAL, FAIL),
        (LineageVerdict.DERIVED, FAIL),
        (LineageVerdict.IDENTICAL, FAIL),
    ],
)
def test_only_shown_descent_fails_the_item_on_weights(
    verdict: LineageVerdict, result: CheckResult
) -> None:
    """Doubt goes to people, what could not be compared is missing."""
    found = results(honest(lineage=(compared({DECODER: verdict}),)))
    assert found["tech-04"] is result


def test_a_component_nobody_compared_is_missing_beside_one_that_was() -> None:
    """A passed decoder says nothing of the vision encoder."""
    seal = sealed(part(), part(VISION))
    lineage = (compared({DECODER: LineageVerdict.NO_EVIDENCE}),)
    assert results(honest(seal=seal, lineage=lineage))["tech-04"] is NOT_RUN


def test_what_the_team_declares_inherited_fails_without_a_comparison() -> None:
    """Its own word against itself is enough, once it was heard."""
    seal = sealed(part(state=WeightState.INHERITED_FROZEN))
    assert results(honest(seal=seal, lineage=()))["tech-04"] is FAIL


@pytest.mark.parametrize(
    ("of_run", "result"),
    [
        (record(), CheckResult.PASS),
        (record(Tier.E2), CheckResult.PASS),
        (record(Tier.E1), DECLARED),
        (record(V4=FAIL), FAIL),
        (record(V5=NOT_RUN), NOT_RUN),
        (record(V4=INCONCLUSIVE), INCONCLUSIVE),
        (record(V1=FAIL), INCONCLUSIVE),
        (record(run="gang/run-1"), INCONCLUSIVE),
    ],
)
def test_a_record_says_as_much_as_its_checks_and_its_tier(
    of_run: object, result: CheckResult
) -> None:
    """Unwitnessed it is the team's word; broken, or another's, it is no evidence."""
    assert results(honest(records={"text_decoder": of_run}))["tech-01"] is result


def test_parts_of_one_folder_share_its_record() -> None:
    """Embeddings lie in the decoder's folder and were trained with it."""
    other = part()
    shared = part(VISION)
    shared = type(shared)(
        kind=VISION,
        path=other.path,
        weight_state=other.weight_state,
        origin="",
        licence=other.licence,
    )
    seal = sealed(other, shared)
    records = {"text_decoder": record()}
    assert results(honest(seal=seal, records=records))["tech-02"] is CheckResult.PASS
    apart = sealed(part(), part(VISION))
    assert results(honest(seal=apart, records=records))["tech-02"] is NOT_RUN


def test_hidden_descent_fails_disclosure_and_leaves_its_terms_open() -> None:
    """Whose licence it is, nobody said: that is for people, not a conflict."""
    found = results(honest(lineage=(compared({DECODER: LineageVerdict.DERIVED}),)))
    assert found["ethic-03"] is FAIL
    assert found["ethic-02"] is found["policy-01"] is INCONCLUSIVE


def test_declared_weights_under_terms_with_strings_fail_policy() -> None:
    """The terms are read from the table, by the name that the team declared."""
    component = part(state=WeightState.INHERITED_TRAINED, licence="LicenseRef-llama3.1")
    seal = sealed(component)
    found = results(honest(seal=seal))
    assert found["policy-01"] is FAIL
    assert found["ethic-03"] is not FAIL


def test_a_licence_that_is_not_named_is_missing_and_no_failure() -> None:
    """Under the first checks it failed; missing evidence decides nothing now."""
    assert results(honest(seal=sealed(part(licence=""))))["ethic-01"] is NOT_RUN
    seal = sealed(part(licence="my own words"))
    assert results(honest(seal=seal))["ethic-01"] is INCONCLUSIVE


def test_shares_and_counts_of_data_come_from_the_manifest() -> None:
    """Every source needs a class and a count; a generator needs a name."""
    seal = sealed(part())
    told = DeclaredSource(id="a", spdx="MIT", tokens=75, kind=SourceClass.CRAWLED)
    made = DeclaredSource(id="b", spdx="MIT", tokens=25, kind=SourceClass.SYNTHETIC)
    records = {"text_decoder": record(V13=NOT_RUN)}
    found = honest(seal=seal, records=records, papers=papers(seal, told, made))
    items = {one.id: one for one in assess_items(found)}
    assert items["tech-09"].detail.en == "crawled 75.0 %, synthetic 25.0 %"
    assert items["tech-08"].result is DECLARED
    assert items["tech-10"].result is NOT_RUN
    unknown = DeclaredSource(id="c", spdx="MIT")
    found = honest(seal=seal, records=records, papers=papers(seal, told, unknown))
    assert {results(found)[i] for i in ("tech-08", "tech-09")} == {NOT_RUN}


def test_what_a_team_declares_of_its_making_is_read_item_by_item() -> None:
    """Architecture, tokenizer, algorithm and phases, each with what it needs."""
    seal = sealed(part())
    full = DossierDeclaration(
        schema="",
        modules=(DeclaredModule(component=DECODER, origin=ModuleOrigin.OWN),),
        tokenizer=DeclaredTokenizer(is_trained=False, source="x", licence="MIT"),
        algorithm=DeclaredAlgorithm(commit="abc"),
        phases=(DeclaredPhase(name="pre", component=DECODER, run="han/run-1"),),
    )
    records = {"text_decoder": record(V16=NOT_RUN)}
    found = results(
        honest(seal=seal, records=records, papers=papers(seal, declaration=full))
    )
    assert {found[f"tech-{n}"] for n in ("05", "11", "12")} == {DECLARED}
    assert found["tech-13"] is CheckResult.PASS
    poor = DossierDeclaration(
        schema="",
        modules=(DeclaredModule(component=DECODER, origin=ModuleOrigin.PUBLISHED),),
        tokenizer=DeclaredTokenizer(is_trained=False),
        algorithm=DeclaredAlgorithm(commit=" "),
        phases=(DeclaredPhase(name="pre", component=DECODER, run="han/other"),),
    )
    found = results(
        honest(seal=seal, records=records, papers=papers(seal, declaration=poor))
    )
    assert {found[f"tech-{n}"] for n in ("05", "11", "12", "13")} == {NOT_RUN}


def test_code_among_the_sealed_files_is_for_people() -> None:
    """It may be harmless; no file list says so."""
    seal = sealed(part())
    found = results(honest(papers=papers(seal, code=("modeling.py",)), seal=seal))
    assert found["policy-03"] is INCONCLUSIVE


def test_papers_of_other_files_are_refused() -> None:
    """What was read of another submission says nothing about this one."""
    with pytest.raises(InvalidInput):
        honest(papers=papers(sealed(part(VISION))))
