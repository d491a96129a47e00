"""The published page: safe, self-contained, bilingual, complete."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys

import msgspec
import pytest

from dokja.evidence.values import Text
from dokja.programme.values import Reason
from dokja.report import render_stage_report
from dokja.stage.values import StageRecord
from tests.report_fixture import stage_record
from tests.unit.report.parsed_page import Element, parse

HOSTILE = '<script>alert(1)</script>" onload="alert(2)'


@pytest.fixture(scope="module")
def html() -> str:
    """The report on the made-up stage."""
    return render_stage_report(stage_record())


@pytest.fixture(scope="module")
def page(html: str) -> Element:
    """The same, taken apart."""
    return parse(html)


def _with_hostile_names(record: StageRecord) -> StageRecord:
    seals = tuple(
        msgspec.structs.replace(
            seal,
            manifest=msgspec.structs.replace(
                seal.manifest,
                name=Text(HOSTILE, HOSTILE),
                model=HOSTILE,
                licence=HOSTILE,
            ),
        )
        for seal in record.evidence.seals
    )
    evidence = msgspec.structs.replace(record.evidence, seals=seals)
    return msgspec.structs.replace(record, evidence=evidence)


def test_a_team_named_like_a_script_does_no_harm() -> None:
    """Names come from the teams; the page is opened by everyone."""
    page = parse(render_stage_report(_with_hostile_names(stage_record())))
    assert len(page.find_all("script")) == 1
    assert HOSTILE in page.by_id("team-1").text
    handlers = [key for e in page.walk() for key in e.attributes if key[:2] == "on"]
    assert handlers == []


def test_the_page_loads_nothing_from_outside(html: str, page: Element) -> None:
    """A reader of a decision is nobody's audience."""
    links = [e.attributes["href"] for e in page.walk() if "href" in e.attributes]
    assert links
    assert [link for link in links if not link.startswith("#")] == []
    assert [e.name for e in page.walk() if "src" in e.attributes] == []
    assert page.find_all("link") == page.find_all("img") == page.find_all("use") == []
    assert "url(" not in html
    assert "@import" not in html


def test_the_policy_admits_exactly_the_style_and_script_of_the_page(
    page: Element,
) -> None:
    """A digest that does not fit would leave the page bare, a wildcard open."""
    policy = next(
        meta.attributes["content"]
        for meta in page.find_all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    for name in ("style", "script"):
        (element,) = page.find_all(name)
        digest = hashlib.sha256("".join(element.texts).encode()).digest()
        source = base64.b64encode(digest).decode()
        assert f"{name}-src 'sha256-{source}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_every_link_leads_somewhere_and_no_id_is_used_twice(page: Element) -> None:
    """A citation that leads nowhere cannot be checked."""
    ids = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    targets = {e.attributes["href"][1:] for e in page.find_all("a")}
    assert targets - set(ids) == set()


def test_every_cited_clause_is_linked_to_its_text(page: Element) -> None:
    """The reader gets from a reason to the rule in one step."""
    record = stage_record()
    numbers = {c.number: i for i, c in enumerate(record.evidence.rulebook.clauses, 1)}
    cited = {
        number
        for team in record.outcome.decision.teams
        for reason in team.reasons
        for number in reason.clauses
    }
    links = {
        (e.text.removeprefix("§ "), e.attributes["href"])
        for e in page.find_all("a")
        if e.attributes.get("class") == "clause"
    }
    assert {(n, f"#clause-{numbers[n]}") for n in cited} <= links
    assert "§ 3" in page.by_id("clause-3").text


def test_a_clause_the_rulebook_lacks_is_named_but_not_linked() -> None:
    """A decision that cites nothing must not look as if it did."""
    record = stage_record()
    reason = Reason(clauses=("99.9",), text=Text("이유", "reason"))
    decision = msgspec.structs.replace(record.outcome.decision, reasons=(reason,))
    outcome = msgspec.structs.replace(record.outcome, decision=decision)
    page = parse(render_stage_report(msgspec.structs.replace(record, outcome=outcome)))
    marks = [e for e in page.walk() if e.text.startswith("§ 99.9")]
    assert marks
    assert {e.name for e in marks} == {"span"}
    assert "not in the rulebook" in marks[0].text


def test_every_text_stands_in_both_languages(page: Element) -> None:
    """The switch must not leave a hole in either language."""
    (body,) = page.find_all("body")
    missing = [
        f"{first.text} | {second.text}"
        for element in body.walk()
        for first, second in _language_pairs(element)
        if (first.attributes["lang"], second.attributes["lang"]) != ("ko", "en")
        or not first.text
        or not second.text
    ]
    assert missing == []


def _language_pairs(element: Element) -> list[tuple[Element, Element]]:
    tagged = [
        child
        for child in element.children
        if "lang" in child.attributes and child.attributes.get("class") != "always"
    ]
    assert len(tagged) % 2 == 0, element.text
    return list(zip(tagged[::2], tagged[1::2], strict=True))


def test_korean_and_english_are_really_korean_and_english(page: Element) -> None:
    """A pair that says the same in one language twice is no translation."""
    hangul = re.compile("[가-힣]")
    (body,) = page.find_all("body")
    english = [e.text for e in body.walk() if e.attributes.get("lang") == "en"]
    assert [text for text in english if hangul.search(text)] == []


def test_a_missing_value_is_undetermined_and_never_0(page: Element) -> None:
    """A 0 would be a judgement nobody made."""
    card = page.by_id("team-6").text
    assert "미정 undetermined" in card
    assert "18 of 200 items of `sums` have no result" in card
    assert re.findall(r"(?<![\d.,])0(?:\.0+)?%?(?![\d.])", card) == []
    row = next(r for r in page.by_id("standings").find_all("tr") if "Model F" in r.text)
    assert "undetermined" in row.text


def test_a_p_value_is_never_printed_below_the_floor(page: Element, html: str) -> None:
    """No null distribution carries a probability of 10 to the minus 300."""
    assert "≤ 1 × 10<sup>−15</sup>" in html
    assert "300" not in page.by_id("gate").text


def test_every_figure_names_and_describes_itself(page: Element) -> None:
    """Who cannot see the figure must learn what it shows."""
    figures = [e for e in page.find_all("svg") if e.attributes.get("role") == "img"]
    assert len(figures) > 30
    for figure in figures:
        title, description = figure.children[:2]
        assert (title.name, description.name) == ("title", "desc")
        assert figure.attributes["aria-labelledby"].split() == [
            title.attributes["id"],
            description.attributes["id"],
        ]
        assert title.text
        assert description.text


def test_what_is_made_up_is_marked_where_it_appears(page: Element) -> None:
    """A screenshot of one section must still say so."""
    assert "Parts of this stage are synthetic" in page.by_id("banner-title").text
    assert page.by_id("judges").text.count("가상 자료 synthetic") == 2
    assert "가상 자료 synthetic" in page.by_id("gate-2").text
    for text in stage_record().outcome.synthetic:
        assert text.ko in page.by_id("limits").text


def test_without_anything_synthetic_there_is_no_banner() -> None:
    """A warning that always shows is read by nobody."""
    record = stage_record()
    outcome = msgspec.structs.replace(record.outcome, synthetic=())
    html = render_stage_report(msgspec.structs.replace(record, outcome=outcome))
    assert "banner-title" not in [e.attributes.get("id") for e in parse(html).walk()]


def test_equal_records_give_equal_bytes_under_any_hash_seed(html: str) -> None:
    """The page is digested with the bundle."""
    script = (
        "import sys; from tests.report_fixture import stage_record; "
        "from dokja.report import render_stage_report; "
        "sys.stdout.buffer.write(render_stage_report(stage_record()).encode())"
    )
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={
            **os.environ,
            "PYTHONHASHSEED": "7",
            "PYTHONPATH": os.pathsep.join((".", os.environ.get("PYTHONPATH", ""))),
        },
        capture_output=True,
        check=True,
    )
    assert run.stdout.decode() == html


def test_a_stage_that_measured_nothing_still_has_its_report() -> None:
    """A stage broken off early is published too, with its holes showing."""
    record = stage_record()
    evidence = msgspec.structs.replace(
        record.evidence, lineage=(), seals=(), references=(), runs=(), suites=()
    )
    outcome = msgspec.structs.replace(
        record.outcome,
        standing=msgspec.structs.replace(record.outcome.standing, teams=()),
        findings=(),
        suite_results=(),
        separations=(),
        recusals=(),
        unknown=(),
    )
    page = parse(
        render_stage_report(
            msgspec.structs.replace(record, evidence=evidence, outcome=outcome)
        )
    )
    assert "평가하지 않음 not evaluated" in page.by_id("team-1").text
    assert "No expert was recused." in page.by_id("judges").text
