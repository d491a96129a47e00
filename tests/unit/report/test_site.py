"""The site: a card for every claim, none without what belongs beside it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.bundle.site import read_publication
from dokja.decision.values import TeamStatus
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Text
from dokja.independence.values import FindingResult, ReplyState
from dokja.report.sections.evidence import ADVERSE
from dokja.report.site import (
    Claim,
    ClaimKind,
    Publication,
    claim_id,
    claims_of,
    render_site,
)
from dokja.stage.values import StageRecord
from tests.report_fixture import stage_record
from tests.site_fixture import (
    BREAKOUT,
    KEY,
    REPLY,
    indexed_publication,
    made_up_publication,
    simulated_bundle,
    simulated_publication,
)
from tests.unit.report.parsed_page import Element, parse

HOSTILE = '<script>alert(1)</script>" onload="alert(2)'
UNFAVOURABLE = {
    *(verdict.value for verdict in ADVERSE),
    FindingResult.FAIL.value,
    FindingResult.UNDETERMINED.value,
    TeamStatus.ELIMINATED_BY_GATE.value,
}


@pytest.fixture(scope="module")
def publication() -> Publication:
    """A verified bundle, read."""
    return simulated_publication()


@pytest.fixture(scope="module")
def site(publication: Publication) -> dict[str, bytes]:
    """Its site."""
    return render_site(publication)


@pytest.fixture(scope="module")
def claims(publication: Publication) -> dict[str, Claim]:
    """Its claims by id."""
    return {claim.id: claim for claim in claims_of(publication.record)}


def _page(site: dict[str, bytes], path: str) -> Element:
    return parse(site[path].decode())


def _at(act: Any, pointer: str) -> Any:
    for key in pointer.split("/")[1:]:
        act = act[int(key)] if isinstance(act, list) else act[key]
    return act


def test_every_published_figure_and_verdict_is_a_claim(
    publication: Publication, claims: dict[str, Claim]
) -> None:
    """One that is left out has no address at which it can be questioned."""
    record, wanted = publication.record, {"outcome"}
    for team in record.outcome.standing.teams:
        wanted |= {f"total.{team.team}", f"rank.{team.team}"}
        wanted |= {f"category.{team.team}.{c.category}" for c in team.categories}
        wanted |= {
            f"component.{team.team}.{part.component}"
            for c in team.categories
            for part in c.components
        }
        wanted |= {f"index.{team.team}.{index.index}" for index in team.indices}
    wanted |= {f"decision.{d.team}" for d in record.outcome.decision.teams}
    for finding in record.outcome.findings:
        wanted |= {
            f"aspect.{finding.team}.{finding.gate}.{a.aspect}" for a in finding.aspects
        }
    for report in record.evidence.lineage:
        wanted |= {
            f"lineage.{report.candidate}.{part.name}.{report.reference}"
            for part in report.components
        }
    assert wanted == set(claims)


@pytest.mark.parametrize("made", [simulated_publication, indexed_publication])
def test_a_card_holds_what_its_act_holds(made: Callable[[], Publication]) -> None:
    """A value that is not in the signed record was made up on the way."""
    publication = made()
    acts = {f"{p.act.kind}/{p.act.subject}": p.path for p in publication.acts}
    for claim in claims_of(publication.record):
        act = json.loads(publication.files[acts[claim.place.act]])
        found = _at(act, claim.place.pointer)
        assert json.dumps(found) == claim.place.value, claim.id
        if claim.verdict is not None:
            assert claim.verdict.code == found
        elif claim.measured is not None:
            assert _shows(claim.measured.value.text, found, claim.place.scale)


def _shows(text: str | None, found: Any, scale: int | None) -> bool:
    """Whether a card's text is the value found, rounded where it has a scale."""
    if found is None or text is None:
        return found is text
    if scale is None:
        return text == str(found)
    shown = float(text.replace("\N{MINUS SIGN}", "-"))
    return bool(abs(shown - scale * found) < 0.0051)


def test_measured_indices_and_the_target_are_claims_too() -> None:
    """A stage that measured them published them."""
    publication = indexed_publication()
    found = [c for c in claims_of(publication.record) if ".measured." in c.id]
    teams = len(publication.record.outcome.standing.teams)
    keys = [claim.id.rpartition(".")[2] for claim in found]
    assert {key: keys.count(key) for key in keys} == {
        "frontier": teams,
        "diffusion": teams,
        "target": teams,
    }
    for claim in found:
        assert claim.measured is not None
        assert claim.measured.interval or claim.measured.value.reason, claim.id
    assert sum(1 for c in found if c.measured and c.measured.interval) > 2 * teams


def test_every_figure_has_its_n_method_and_source(claims: dict[str, Claim]) -> None:
    """No number stands alone."""
    measured = [c for c in claims.values() if c.measured is not None]
    assert len(measured) > 50
    for claim in measured:
        assert claim.measured is not None
        assert claim.measured.n, claim.id
        assert claim.measured.method, claim.id
        assert claim.measured.source.ko, claim.id


def test_every_claim_says_what_it_does_not_show(claims: dict[str, Claim]) -> None:
    """The limit of a figure travels with the figure."""
    for claim in claims.values():
        assert claim.shows, claim.id
        assert claim.does_not_show, claim.id
        assert claim.clauses, claim.id
        for text in (claim.said, claim.by, claim.title):
            assert re.search("[가-힣]", text.ko), claim.id
            assert not re.search("[가-힣]", text.en), claim.id


@pytest.mark.parametrize("record", [stage_record(), simulated_publication().record])
def test_nothing_adverse_stands_without_the_reply(record: StageRecord) -> None:
    """The party's word, or the fact that there is none, is beside it."""
    silent = {
        finding.team
        for finding in record.outcome.findings
        if finding.reply_state is ReplyState.NOT_NEEDED
    }
    adverse = [
        claim
        for claim in claims_of(record)
        if claim.verdict is not None
        and claim.verdict.code in UNFAVOURABLE
        # Nothing was held against a team that no reply was asked of.
        and (claim.verdict.code != "undetermined" or claim.team not in silent)
    ]
    assert adverse
    assert [claim.id for claim in adverse if not claim.disputes] == []
    replies = {r.team: r.text for r in record.evidence.reply_book.replies}
    for claim in adverse:
        if claim.team in replies:
            said = [reply.text for d in claim.disputes for reply in d.replies]
            assert replies[claim.team] in said, claim.id


def test_the_reply_is_on_the_page_and_in_what_is_passed_on(
    site: dict[str, bytes],
) -> None:
    """A link that is shared shows its description and often nothing else."""
    for name in ("decision.t2", "lineage.t2.text_decoder.r1"):
        page = _page(site, f"claims/{name}.html")
        assert REPLY.ko in page.find_all("main")[0].text
        described = [
            m.attributes["content"]
            for m in page.find_all("meta")
            if m.attributes.get("property") == "og:description"
        ]
        assert len(described) == 1
        assert REPLY.ko in described[0]
        assert REPLY.en in described[0]
    assert REPLY.en in _page(site, "index.html").find_all("main")[0].text


def test_a_reply_in_one_language_is_shown_to_readers_of_both() -> None:
    """An empty quotation would read as silence."""
    record = stage_record()
    findings = tuple(
        msgspec.structs.replace(
            finding,
            replies=tuple(
                msgspec.structs.replace(r, text=Text(r.text.ko, " "))
                for r in finding.replies
            ),
        )
        for finding in record.outcome.findings
    )
    outcome = msgspec.structs.replace(record.outcome, findings=findings)
    one_sided = msgspec.structs.replace(record, outcome=outcome)
    found = {claim.id: claim for claim in claims_of(one_sided)}
    (dispute,) = found["decision.team-b"].disputes
    assert [reply.text.ko for reply in dispute.replies] != []
    assert all(reply.text.ko == reply.text.en for reply in dispute.replies)


def test_a_team_that_has_not_replied_is_said_to_have_none() -> None:
    """Silence is on record too, and is not an admission."""
    site = render_site(made_up_publication())
    page = _page(site, "claims/decision.team-d.html")
    assert "기록된 소명이 없습니다." in page.find_all("main")[0].text


def test_every_page_is_reached_and_every_link_leads_somewhere(
    site: dict[str, bytes],
) -> None:
    """A permalink that nothing links to is found by nobody."""
    reached = set()
    for path in (name for name in site if name.endswith(".html") and "/" not in name):
        for link in _page(site, path).find_all("a"):
            target = link.attributes["href"].partition("#")[0]
            if target:
                assert target in site, f"{path}: {target}"
                reached.add(target)
    cards = {path for path in site if path.startswith("claims/")}
    assert cards - reached == set()
    for link in _page(site, "claims/total.t1.html").find_all("a"):
        target = link.attributes["href"].partition("#")[0]
        if target.startswith("../"):
            assert target.removeprefix("../") in site


def test_equal_publications_give_equal_bytes(
    publication: Publication, site: dict[str, bytes]
) -> None:
    """Whoever doubts a page makes it again."""
    assert render_site(publication) == site


def test_the_bundle_lies_in_the_site_unchanged(site: dict[str, bytes]) -> None:
    """`dokja bundle verify site/bundle` has to work."""
    inside = {
        path.removeprefix("bundle/"): data
        for path, data in site.items()
        if path.startswith("bundle/")
    }
    assert inside == simulated_bundle()


def test_the_index_of_pages_lists_each_with_its_digest(site: dict[str, bytes]) -> None:
    """A page that is not listed would not be checked."""
    listed = {f["path"]: f["digest"] for f in json.loads(site["site.json"])["pages"]}
    pages = {p: d for p, d in site.items() if not p.startswith("bundle/")}
    del pages["site.json"]
    assert listed == {path: digest_bytes(data) for path, data in pages.items()}


@pytest.mark.parametrize("path", ["index.html", "verify.html", "claims/total.t1.html"])
def test_a_page_admits_its_own_style_and_script_only(
    site: dict[str, bytes], path: str
) -> None:
    """What is smuggled in stays inert; nothing is fetched from outside."""
    html = site[path].decode()
    page = parse(html)
    policy = next(
        m.attributes["content"]
        for m in page.find_all("meta")
        if m.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    script = re.search(r"<script>(.*?)</script>", html, re.DOTALL)
    assert style
    assert script
    for text in (style[1], script[1]):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert ("connect-src" in policy) == (path == "verify.html")
    assert [e for e in page.walk() if "style" in e.attributes] == []
    assert [e.name for e in page.walk() if "src" in e.attributes] == []


def test_a_file_cannot_break_out_of_the_page_that_holds_it(
    site: dict[str, bytes],
) -> None:
    """A bundle holds what teams wrote."""
    assert BREAKOUT.encode() in site["bundle/report.html"]
    page = _page(site, "verify.html")
    runnable = [s for s in page.find_all("script") if "type" not in s.attributes]
    assert len(runnable) == 1
    copies = {
        s.attributes["data-copy"]: json.loads("".join(s.texts))
        for s in page.find_all("script")
        if "data-copy" in s.attributes
    }
    assert {p: t.encode() for p, t in copies.items()} == simulated_bundle()


def test_a_team_named_like_a_script_does_no_harm() -> None:
    """Names come from the teams; a page is opened by everyone."""
    record = stage_record()
    seals = tuple(
        msgspec.structs.replace(
            seal,
            manifest=msgspec.structs.replace(
                seal.manifest, name=Text(HOSTILE, HOSTILE)
            ),
        )
        for seal in record.evidence.seals
    )
    evidence = msgspec.structs.replace(record.evidence, seals=seals)
    hostile = msgspec.structs.replace(record, evidence=evidence)
    site = render_site(made_up_publication(hostile))
    for path in ("index.html", "corrections.html", "claims/total.team-a.html"):
        page = _page(site, path)
        assert len(page.find_all("script")) == 1
        assert HOSTILE in page.find_all("main")[0].text
        assert [k for e in page.walk() for k in e.attributes if k[:2] == "on"] == []


def test_an_altered_bundle_gets_no_pages() -> None:
    """Pages would lend it a face it does not deserve."""
    files = dict(simulated_bundle())
    path = next(p for p in files if "standing_computed" in p)
    files[path] = files[path].replace(b'"total":"', b'"total":"1', 1)
    with pytest.raises(InvalidInput, match="does not verify"):
        read_publication(files, key=KEY, public_key="")


@pytest.mark.parametrize(
    "contact", ["javascript:alert(1)", "http://office.example", "a b@office.example"]
)
def test_a_contact_is_an_address_or_a_secure_url(contact: str) -> None:
    """It becomes a link that readers press."""
    publication = msgspec.structs.replace(made_up_publication(), contact=contact)
    with pytest.raises(InvalidInput, match="neither an e-mail address"):
        render_site(publication)


PARTS = st.lists(st.text(max_size=6), min_size=1, max_size=3)


@given(PARTS, PARTS)
def test_ids_are_names_of_files_and_never_the_same(
    one: list[str], other: list[str]
) -> None:
    """Two claims at one address would overwrite each other."""
    ids = [claim_id(ClaimKind.LINEAGE, *parts) for parts in (one, other)]
    assert all(re.fullmatch(r"[A-Za-z0-9_.~-]+", each) for each in ids)
    assert (ids[0] == ids[1]) == (one == other)
