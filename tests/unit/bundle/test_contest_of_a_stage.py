"""A stage with a public contest: on record, in the bundle, verified from its votes."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec
import pytest

from dokja.bundle import Trust, Verification, make_bundle, verify_bundle
from dokja.bundle.site import read_publication
from dokja.contest.published.published_contest import PublishedContest
from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult
from dokja.report import render_stage_report
from dokja.report.site import render_site
from dokja.stage import StageRecord
from dokja.stage.acts import CONTEST, make_act, outcome_acts
from tests.contest_fixture import contest_text, published_contest
from tests.programme_simulator import SimulatedStage
from tests.site_fixture import KEY, SIGNER
from tests.unit.contest.test_published_contest import (
    changed_vote,
    dropped_vote,
    other_secret,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "contest_section.html"
ADDED = {"contest_recorded", "contest_summarised"}


def stage_with(contest: str | None) -> SimulatedStage:
    """A simulated stage with this file in its folder."""
    stage = SimulatedStage()
    stage.contest = contest
    return stage


@cache
def run() -> tuple[SimulatedStage, StageRecord]:
    """The stage, run with its contest."""
    stage = stage_with(contest_text())
    return stage, stage.run()


def bundle_with(published: PublishedContest | None = None) -> dict[str, bytes]:
    """The bundle of that stage; with another record of its contest, signed anew."""
    stage, record = run()
    acts = list(stage.acts())
    if published is not None:
        plan = record.evidence.plan
        at = plan.schedule.ballots_closed
        place = next(n for n, act in enumerate(acts) if act.kind == CONTEST)
        acts[place] = make_act(plan, CONTEST, plan.stage, at=at, body=published)
    return make_bundle(
        acts,
        rulebook=stage.rulebook,
        report=render_stage_report(record),
        rules_digest=record.rules_digest,
        made_by="dokja test",
        signer=SIGNER,
    )


def verified(files: dict[str, bytes]) -> Verification:
    """The verification without measuring again."""
    return verify_bundle(files, key=KEY, measure=None)


def test_the_contest_adds_two_acts_and_moves_nothing_else() -> None:
    """Same points, ranks and decision as the stage without it."""
    _, record = run()
    without = stage_with(None)
    plain = without.run()
    assert msgspec.structs.replace(record.outcome, contest=msgspec.UNSET) == (
        msgspec.structs.replace(plain.outcome, synthetic=record.outcome.synthetic)
    )
    stage, _ = run()
    kinds = {act.kind for act in stage.acts()} - {act.kind for act in without.acts()}
    assert kinds == ADDED
    assert published_contest().note in record.outcome.synthetic
    assert not ADDED & {
        a.kind for a in outcome_acts(plain.evidence.plan, plain.outcome)
    }


def test_the_bundle_verifies_and_says_what_it_could_not_check() -> None:
    """The last check is the contest's; a bundle without one has none."""
    found = verified(bundle_with())
    assert found.trust is Trust.VERIFIED
    check = found.checks[-1]
    assert (check.id, check.result) == ("B10-contest", CheckResult.PASS)
    assert "screening cannot be made again" in check.detail.en
    assert "merged" in check.detail.en


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (changed_vote, "rating."),
        (dropped_vote, "participation.votes"),
        (other_secret, "secret"),
    ],
)
def test_a_bundle_signed_over_another_record_is_found(
    change: Callable[[PublishedContest], PublishedContest], said: str
) -> None:
    """Files, tree and signature are right, and the contest does not agree."""
    found = verified(bundle_with(change(published_contest())))
    assert found.trust is Trust.FAILED
    results = {check.id: check for check in found.checks}
    assert results["B3-signature"].result is CheckResult.PASS
    assert results["B10-contest"].result is CheckResult.FAIL
    assert said in results["B10-contest"].detail.en


def test_a_stage_refuses_a_contest_that_does_not_agree() -> None:
    """Before anything is measured."""
    stage = stage_with(contest_text(changed_vote(published_contest())))
    with pytest.raises(InvalidInput, match=r"contest\.json"):
        stage.run()
    assert stage.measured == []


def test_the_section_is_the_golden_one(request: pytest.FixtureRequest) -> None:
    """`--update-goldens` rewrites it; look at the report in a browser then."""
    _, record = run()
    html = render_stage_report(record)
    found = re.search(r'<h3 id="contest">.*?</div>\n</section>', html, re.DOTALL)
    assert found
    if request.config.getoption("--update-goldens"):
        GOLDEN.write_text(found[0] + "\n", encoding="utf-8")
    assert GOLDEN.read_text(encoding="utf-8") == found[0] + "\n"
    plain = render_stage_report(stage_with(None).run())
    assert '<h3 id="contest">' not in plain


def test_each_team_has_a_card_for_its_strength() -> None:
    """What it shows, what it does not, and the act it stands in."""
    publication = read_publication(bundle_with(), key=KEY, public_key="")
    pages = render_site(publication)
    cards = [path for path in pages if path.startswith("claims/strength.")]
    assert len(cards) == 5
    card = pages["claims/strength.t1.public-1.html"].decode()
    assert "under these rules it enters no total" in card
    assert "contest_summarised" in card
    assert "claims/strength.t1.public-1.html" in pages["index.html"].decode()
