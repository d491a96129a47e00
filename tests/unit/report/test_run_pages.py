"""The pages of runs: complete, bilingual, inert, small enough to send."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

import pytest
from msgspec import structs

from dokja.benchmark.runs import asked_items, compare_runs, summarise
from dokja.benchmark.runs.values import RunComparison
from dokja.benchmark.values import (
    AnswerRuleKind,
    FaultCause,
    Item,
    OfficialRun,
    SampleStatus,
    Scoring,
    Suite,
)
from dokja.evidence.values import Text
from dokja.report import render_run, render_run_pair
from dokja.report.runs import visible_letters
from dokja.report.runs.choosing import within_budget
from dokja.report.runs.passages import LONGEST, passage, visible, visible_words
from dokja.report.runs.words import CAUSE, RULES, SCORING, STATUS
from tests.run_pages_fixture import (
    HOSTILE,
    LONG,
    REPRODUCTION,
    choices,
    every_scoring,
    failed,
    hostile,
    numbers,
    pair,
    run_of,
    weighed,
    written,
)
from tests.unit.report.parsed_page import Element, parse

HANGUL = re.compile("[가-힣]")
MOST_BYTES = 3_000_000
FAULT = FaultCause.INFRASTRUCTURE


def _page(run: OfficialRun, suites: tuple[Suite, ...]) -> Element:
    return parse(render_run(run, suites, reproduction=REPRODUCTION))


def _pair_html() -> str:
    runs, suites = pair()
    return render_run_pair(runs, suites, reproduction=REPRODUCTION)


@pytest.fixture(scope="module")
def run_html() -> str:
    """The page of a run over four suites."""
    run, suites = every_scoring()
    return render_run(run, suites, reproduction=REPRODUCTION)


@pytest.fixture(scope="module")
def page(run_html: str) -> Element:
    """The same, taken apart."""
    return parse(run_html)


@pytest.fixture(scope="module")
def pair_html() -> str:
    """The page of two runs."""
    return _pair_html()


@pytest.fixture(scope="module")
def pair_page(pair_html: str) -> Element:
    """The same, taken apart."""
    return parse(pair_html)


@pytest.fixture(scope="module")
def comparison() -> RunComparison:
    """What the page of two runs is about."""
    return compare_runs(*pair()[0], pair()[1])


def _classed(element: Element, style: str) -> list[Element]:
    return [e for e in element.walk() if style in e.attributes.get("class", "").split()]


def _items(page: Element) -> list[Element]:
    return [e for e in _classed(page, "item") if e.name == "li"]


def _item(page: Element, name: str) -> Element:
    return next(e for e in _items(page) if _classed(e, "item-id")[0].text == name)


def test_the_head_gives_every_score_with_its_interval(page: Element) -> None:
    """A score without its uncertainty is a rumour."""
    run, suites = every_scoring()
    head = page.by_id("decision")
    for task, shown in zip(
        summarise(run, suites).tasks, _classed(head, "result"), strict=True
    ):
        assert task.title.ko in shown.text
        if task.estimate is None:
            assert "점수 없음 no score" in shown.text
            continue
        assert f"{100 * task.estimate.value:.1f}%" in shown.text
        if task.estimate.low is not None:
            assert f"{100 * task.estimate.low:.1f}" in shown.text
            assert len(_classed(shown, "band")) == 1


def test_guessing_and_the_ceiling_are_drawn_and_put_into_words(page: Element) -> None:
    """Whether a model beats guessing is the first thing to know of choices."""
    first = _classed(page.by_id("decision"), "result")[0]
    assert "우연 수준 50%" in first.text
    assert "Better than guessing" in first.text
    sums = _classed(page.by_id("decision"), "result")[2]
    assert "guessing" not in sums.text
    assert "All items belong together, so there is no interval." in sums.text


def test_a_score_that_guessing_could_bring_says_so() -> None:
    """81 % and 51 % of two choices are different kinds of news."""
    suite = choices(24)
    records = weighed(suite, subject="made-up-guesser", skill=0.5)
    page = _page(run_of((suite,), records), (suite,))
    assert "Not told apart from guessing" in page.by_id("decision").text


def test_answers_without_a_score_come_first_with_reason_and_cause(
    page: Element,
) -> None:
    """An error is never a silent 0."""
    section = page.by_id("suite-2")
    table = section.find_all("table")[0].text
    for words in (
        "letter-002",
        "오류 error",
        "시설의 잘못",
        "the endpoint said 503, five times",
    ):
        assert words in table
    assert _classed(_items(section)[0], "item-id")[0].text == "letter-002"
    assert "item-unscored" in _items(section)[0].attributes["class"]
    link = section.find_all("table")[0].find_all("a")[0].attributes["href"]
    assert "letter-002" in _parent_text(section, link[1:])


def _parent_text(section: Element, anchor: str) -> str:
    return next(
        e.text
        for e in _items(section)
        if any(c.attributes.get("id") == anchor for c in e.walk())
    )


def test_every_item_opens_to_what_was_asked_word_for_word(page: Element) -> None:
    """Who doubts a score reads the question."""
    run, suites = every_scoring()
    shown = _items(page)
    asked = [item for suite in suites for item in asked_items(run, suite)]
    assert len(shown) == len(asked)
    for item in asked:
        opened = _item(page, item.item.id)
        prompts = ["".join(e.texts) for e in _classed(opened, "prompt")]
        assert prompts == [item.prompt]


def test_the_right_choice_and_the_models_are_both_marked(page: Element) -> None:
    """Marks in words, for those who see no colour."""
    run, suites = every_scoring()
    for asked in asked_items(run, suites[0]):
        options = _classed(_item(page, asked.item.id), "option")
        right = [n for n, e in enumerate(options) if "right answer" in e.text]
        assert right == [asked.item.answer]
        picked = {n for n, e in enumerate(options) if "the model’s choice" in e.text}
        assert picked == {given.record.chosen for given in asked.answers}


def test_a_written_answer_stands_beside_what_was_read_in_it(page: Element) -> None:
    """A wrong reading of a right answer has to be visible."""
    text = _item(page, "number-3").text
    for words in (
        "계산하면 7",
        "계산하면 6",
        "Read as the answer",
        "맞는 답 Right answer 6",
        "21 / 7",
        "0.50 s",
        "0.004 KRW",
        "repeat 2",
    ):
        assert words in text
    read = [e.text for e in _classed(_item(page, "number-3"), "read")]
    assert read == ["7", "6"]
    assert "item-partly" in _item(page, "number-3").attributes["class"]


def test_rules_are_listed_as_kept_or_broken(page: Element) -> None:
    """An instruction is failed for a reason that can be named."""
    broken = _classed(_item(page, "rules-0"), "broken")
    assert [e.text for e in broken] == ["어김 broken 쉼표 없음 no commas"] * 2
    assert len(_classed(_item(page, "rules-0"), "kept")) == 2
    assert _classed(_item(page, "rules-1"), "broken") == []


def test_groups_of_items_are_drawn_from_the_lowest(page: Element) -> None:
    """Where a model fails together it fails for a reason."""
    (table,) = [
        e
        for e in page.by_id("suite-1").find_all("table")
        if e.attributes.get("class") == "clusters"
    ]
    scores = [
        float(row.find_all("td")[1].text.rstrip("%"))
        for row in table.find_all("tr")[1:]
    ]
    assert scores == sorted(scores)
    assert len(scores) == len(table.find_all("svg")) == 8


def test_the_map_has_a_cell_for_every_item(page: Element) -> None:
    """A missing cell would hide an item."""
    (drawn,) = _classed(page.by_id("suite-1"), "item-map")
    cells = {
        e.attributes["class"]: e.attributes["d"].count("v10")
        + e.attributes["d"].count("v8.5")
        for e in drawn.find_all("path")
    }
    assert sum(cells.values()) == 24
    assert set(cells) == {"cell-right", "cell-partly", "cell-wrong"}


def test_filters_count_what_they_show(page: Element) -> None:
    """A count that does not fit its list is a lost item."""
    for section in _classed(page, "suite-section"):
        labels = _classed(section, "filter")[0].find_all("label")
        for label in labels[1:]:
            standing = label.attributes["for"].rpartition("-")[2]
            shown = _classed(section, f"item-{standing}")
            assert label.text.split()[0] == str(len(shown))


def test_weights_engine_and_commands_are_given(page: Element) -> None:
    """Without them the page would have to be believed."""
    run, _ = every_scoring()
    text = page.by_id("repeating").text
    for words in (
        run.weights_root,
        run.suites_digest,
        run.engine,
        REPRODUCTION.command,
        "dokja benchmark run number MODEL --subject made-up-model --repeats 2",
        "made up · 2026-01-02",
    ):
        assert words in text


def test_a_large_run_stays_small_and_says_what_it_leaves_out() -> None:
    """Thousands of items: the wrong ones open, the others are named."""
    suite = choices(9000)
    records = weighed(suite, subject="made-up-model", skill=0.95)
    records[8999] = failed(records[8999], FAULT, "gone")
    html = render_run(run_of((suite,), records), (suite,), reproduction=REPRODUCTION)
    assert len(html.encode()) < MOST_BYTES
    page = parse(html)
    opened = _items(page)
    assert _classed(opened[0], "item-id")[0].text == "choices-8999"
    assert len(_classed(page, "item-wrong")) == sum(r.score == 0 for r in records)
    named = page.by_id("suite-1").text
    assert f"The other {9000 - len(opened):,} are named below" in named
    assert "dokja benchmark show RUN --item ID" in named
    names = [e.text for e in _classed(page, "names")[0].find_all("li")]
    assert len(names) + len(opened) == 9000


def test_long_texts_keep_the_page_small() -> None:
    """Prompts of a hundred thousand tokens are asked, too."""
    suite = numbers(400)
    items = tuple(
        structs.replace(item, question=f"<{n}>" + LONG)
        for n, item in enumerate(suite.items)
    )
    suite = structs.replace(suite, items=items)
    records = written(suite, lambda *_: "<&>" * 1300)
    run = run_of((suite,), records)
    html = render_run(run, (suite,), reproduction=REPRODUCTION)
    assert len(html.encode()) < MOST_BYTES
    assert 0 < len(_items(parse(html))) < 400
    left_out = len(asked_items(run, suite)[0].prompt) - LONGEST
    assert f"{left_out:,} letters left out" in html


def test_the_budget_takes_what_readers_ask_about_first() -> None:
    """Unscored, then wrong, then by order."""
    suite = choices(40)
    records = weighed(suite, subject="made-up-model", skill=0.6)
    records[30] = failed(records[30], FAULT, "gone")
    asked = asked_items(run_of((suite,), records), suite)
    taken = within_budget(asked, budget=12_000)
    wrong = [n for n, record in enumerate(records) if record.score == 0]
    assert 30 in taken
    assert taken - {30} == set(wrong[: len(taken) - 1])


def test_two_runs_stand_side_by_side_with_interval_and_p(
    pair_page: Element, comparison: RunComparison
) -> None:
    """Every number of the comparison, on its row."""
    rows = page_rows(pair_page)
    assert len(rows) == len(comparison.tasks) == 2
    for row, task in zip(rows, comparison.tasks, strict=True):
        assert task.title.en in row.text
        for side in (task.left, task.right):
            assert side is not None
            assert f"{100 * side.value:.1f}%" in row.text
        assert task.difference is not None
        assert f"+{100 * task.difference.value:.1f}" in row.text
        assert len(row.find_all("svg")) >= 2
    assert comparison.tasks[0].separated
    assert "구별됨 yes" in rows[0].text
    assert "< 0.001" in rows[0].text
    assert "미정 undetermined" in rows[1].text
    assert "1개가 두 모델을 구별합니다" in pair_page.by_id("decision").text


def page_rows(page: Element) -> list[Element]:
    """Rows of the table in the head."""
    (table,) = page.by_id("decision").find_all("table")
    return table.find_all("tr")[1:]


def test_the_two_by_two_table_adds_up(
    pair_page: Element, comparison: RunComparison
) -> None:
    """Every item stands in one of the four cells."""
    task = comparison.tasks[0]
    (table,) = _classed(pair_page.by_id("suite-1"), "fourfold")
    cells = [int(e.find_all("b")[0].text) for e in table.find_all("td") if e.children]
    assert cells == [task.both, task.only_left, task.only_right, task.neither]
    assert sum(cells) == 160


def test_items_that_differ_show_both_answers(
    pair_page: Element, comparison: RunComparison
) -> None:
    """The reader sees what one wrote where the other did not."""
    for task, section in zip(
        comparison.tasks, _classed(pair_page, "suite-section"), strict=True
    ):
        assert len(_items(section)) == len(task.differing)
    text = _item(pair_page, "number-5").text
    for words in ("made-up-left", "made-up-right", "정답: 4", "10"):
        assert words in text
    first = _items(pair_page.by_id("suite-1"))[0]
    marked = [e.text for e in _classed(first, "tag-picked")]
    assert sorted(marked) == ["오른쪽 right", "왼쪽 left"]


def test_suites_left_out_are_named_with_the_reason(pair_page: Element) -> None:
    """What was not compared must not look as if it had been."""
    text = _classed(pair_page.by_id("decision"), "notice")[0].text
    assert "rules" in text
    assert "Only one of the runs holds this suite." in text


@pytest.fixture(params=["run", "pair"])
def html(request: pytest.FixtureRequest, run_html: str, pair_html: str) -> str:
    """Either page."""
    return run_html if request.param == "run" else pair_html


def test_every_text_stands_in_both_languages(html: str) -> None:
    """The switch must not leave a hole in either language."""
    (body,) = parse(html).find_all("body")
    for element in body.walk():
        tagged = [
            child.attributes["lang"]
            for child in element.children
            if "lang" in child.attributes
            and "always" not in child.attributes.get("class", "").split()
        ]
        assert tagged == ["ko", "en"] * (len(tagged) // 2), element.text
    english = [e.text for e in body.walk() if e.attributes.get("lang") == "en"]
    assert [text for text in english if HANGUL.search(text)] == []
    assert [text for text in english if not text] == []


def test_the_page_loads_nothing_and_every_link_stays_on_it(html: str) -> None:
    """A reader of a run is nobody's audience."""
    page = parse(html)
    links = [e.attributes["href"] for e in page.walk() if "href" in e.attributes]
    ids = [e.attributes["id"] for e in page.walk() if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)
    assert {link[0] for link in links} == {"#"}
    assert [e for e in page.walk() if {"src", "style"} & set(e.attributes)] == []
    assert re.findall(r"https?:|url\(|@import", html) == []


def test_every_figure_names_and_describes_itself(html: str) -> None:
    """Who cannot see the figure must learn what it shows."""
    figures = [
        e for e in parse(html).find_all("svg") if e.attributes.get("role") == "img"
    ]
    assert len(figures) >= 4
    for figure in figures:
        title, description = figure.children[:2]
        assert (title.name, description.name) == ("title", "desc")
        assert title.text
        assert HANGUL.search(description.text)


@pytest.mark.parametrize("make", [every_scoring, hostile])
def test_equal_runs_give_equal_pages(
    make: Callable[[], tuple[OfficialRun, tuple[Suite, ...]]],
) -> None:
    """The digest of a page means something only if the page repeats."""
    pages = {render_run(*make(), reproduction=REPRODUCTION) for _ in range(2)}
    assert len(pages) == 1


def test_what_a_model_writes_is_shown_and_never_obeyed() -> None:
    """Markup, letters that turn a line round, control codes, a word without end."""
    html = render_run(*hostile(), reproduction=REPRODUCTION)
    page = parse(html)
    assert len(page.find_all("script")) == 1
    assert [k for e in page.walk() for k in e.attributes if k[:2] == "on"] == []
    assert HOSTILE in page.by_id("decision-title").text
    hidden = {"\N{RIGHT-TO-LEFT OVERRIDE}", "\x00", "\x1b"}
    assert {letter for letter in hidden if letter in html} == set()
    assert "U+202E" in page.text
    assert "U+0000" in page.text
    assert LONG not in html


def test_two_hostile_runs_side_by_side_are_shown_and_never_obeyed() -> None:
    """The other page prints the same texts."""
    run, suites = hostile()
    scored = [structs.replace(s, status="scored") for s in run.samples]
    runs = [
        structs.replace(
            run,
            samples=tuple(
                structs.replace(s, score=score, status=run.samples[0].status)
                for s in scored
            ),
        )
        for score in (0, 1)
    ]
    html = render_run_pair(
        (runs[0], runs[1]),
        {suite.header.id: suite for suite in suites},
        reproduction=REPRODUCTION,
    )
    page = parse(html)
    assert len(page.find_all("script")) == 1
    assert [k for e in page.walk() for k in e.attributes if k[:2] == "on"] == []
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in html
    assert page.by_id("decision-title").text.count(HOSTILE) == 2


def test_letters_nobody_sees_are_named() -> None:
    """Lone surrogates and tags as well; an emoji's joiner stays."""
    assert visible_letters("a\u202eb\ud800\U000e0041") == "aU+202EbU+D800U+E0041"
    family = "👩\N{ZERO WIDTH JOINER}🚀"
    assert visible_letters(family) == family
    assert visible("<b>\n\t") == "&lt;b&gt;\n\t"
    assert visible_words("a\n b" * 50, most=10) == "a ba ba b…"


def test_a_passage_says_how_much_it_leaves_out() -> None:
    """A cut that nobody sees would be a false quotation."""
    whole, cut = passage("가" * LONGEST), passage("가" * (LONGEST + 5))
    assert (whole.left_out, str(whole.end)) == (0, "")
    assert cut.left_out == 5
    assert len(cut.start) + len(cut.end) == LONGEST


def test_an_item_without_any_answer_is_still_shown() -> None:
    """A run cut short must not lose its items."""
    suite = numbers(2)
    asked = asked_items(run_of((suite,), ()), suite)
    assert [item.answers for item in asked] == [(), ()]
    assert [item.score for item in asked] == [None, None]
    assert isinstance(asked[0].item, Item)


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (SCORING, Scoring),
        (STATUS, SampleStatus),
        (CAUSE, FaultCause),
        (RULES, AnswerRuleKind),
    ],
)
def test_every_word_a_record_can_hold_has_its_words(
    words: dict[StrEnum, Text], kinds: type[StrEnum]
) -> None:
    """A kind without words would leave a whole run without its page."""
    assert set(words) == set(kinds)
    assert [text for text in words.values() if not HANGUL.search(text.ko)] == []
