"""Figures place their marks where the numbers are."""

from __future__ import annotations

from dokja.evidence.values import Estimate, Text
from dokja.report.figures import (
    AccuracyRow,
    ControlsRow,
    Cut,
    Segment,
    TotalsRow,
    accuracy_figure,
    controls_figure,
    layer_map_figure,
    meter_figure,
    totals_figure,
)
from dokja.report.figures.svg import Axis
from tests.unit.report.parsed_page import Element, parse

NAME = Text("가", "A")


def _marked(figure: Element, name: str, style: str) -> list[Element]:
    return [
        e
        for e in figure.find_all(name)
        if style in e.attributes.get("class", "").split()
    ]


def _total(segments: tuple[Segment, ...]) -> TotalsRow:
    return TotalsRow(
        name=NAME,
        status=NAME,
        total="60.0",
        interval=(55.0, 65.0),
        segments=segments,
    )


def test_an_axis_keeps_what_lies_outside_on_its_edge() -> None:
    """A mark outside the figure would widen the page."""
    axis = Axis(low=0, high=1, start=34, end=86)
    assert (axis.at(0.5), axis.at(-1), axis.at(2)) == (60, 34, 86)


def test_stacked_points_begin_where_the_last_ended() -> None:
    """The end of the stack is the total."""
    rows = [_total((Segment(40, "40.0"), Segment(20, "20.0")))]
    figure = parse(totals_figure(rows, maximum=100, cut=None))
    boxes = _marked(figure, "rect", "segment")
    places = [(b.attributes["x"], b.attributes["width"]) for b in boxes]
    assert places == [("0%", "40%"), ("40%", "20%")]


def test_an_unknown_category_is_outlined_after_the_known_ones() -> None:
    """What could still be added must not be taken for points won."""
    rows = [_total((Segment(40, None), Segment(20, "20.0")))]
    figure = parse(totals_figure(rows, maximum=100, cut=None))
    (unknown,) = _marked(figure, "rect", "unknown")
    assert (unknown.attributes["x"], unknown.attributes["width"]) == ("20%", "40%")
    assert "1. ?" in figure.text


def test_the_cut_stands_between_the_last_inside_and_the_first_outside() -> None:
    """The line decides what a reader believes about the rank cut."""
    row = _total((Segment(60, "60.0"),))
    figure = parse(
        totals_figure([row, row], maximum=100, cut=Cut(after=1, least=60, text=NAME))
    )
    (cut,) = _marked(figure, "line", "cut")
    tops = [float(b.attributes["y"]) for b in _marked(figure, "rect", "segment")]
    assert tops[0] < float(cut.attributes["y1"]) < tops[1]


def test_controls_and_effect_share_one_axis() -> None:
    """The picture's point is the distance between them."""
    row = ControlsRow(
        name=NAME,
        effect=1.0,
        text="1.000",
        threshold=0.05,
        negatives=(-0.1, 0.0),
        positive=None,
    )
    figure = parse(controls_figure("k", [row], title=NAME))
    (dot,) = _marked(figure, "circle", "mark")
    ticks = [e.attributes["x1"] for e in _marked(figure, "line", "negative")]
    assert dot.attributes["cx"] == "100%"
    assert ticks == ["0%", "9.09%"]


def test_a_test_without_effect_draws_no_mark() -> None:
    """A mark at 0 would say that nothing was found."""
    row = ControlsRow(
        name=NAME, effect=None, text=None, threshold=0.05, negatives=(), positive=None
    )
    figure = parse(controls_figure("k", [row], title=NAME))
    assert _marked(figure, "circle", "mark") == []
    assert "미정" in figure.text


def test_a_layer_without_partner_has_no_line() -> None:
    """Half a transplant must look like half a transplant."""
    figure = parse(layer_map_figure("k", (0, 2, None), candidate=NAME, reference=NAME))
    links = _marked(figure, "line", "link")
    assert [(e.attributes["x1"], e.attributes["x2"]) for e in links] == [
        ("16.67%", "16.67%"),
        ("83.33%", "50%"),
    ]
    assert len(_marked(figure, "circle", "hollow")) == 2


def test_references_differ_from_teams_in_shape() -> None:
    """Colour alone would be lost in print and to many readers."""
    rows = [
        AccuracyRow(
            name=NAME, is_reference=r, value=0.5, text="50.0%", interval=(0.4, 0.6)
        )
        for r in (False, True)
    ]
    figure = parse(accuracy_figure("k", rows, suite=NAME, chance=0.25))
    assert len(_marked(figure, "circle", "mark")) == 1
    assert len(_marked(figure, "path", "hollow")) == 1


def test_attainment_beyond_1_still_shows_where_1_is() -> None:
    """A capped share must not look like a full bar."""
    share = Estimate(value=1.2, low=1.1, high=1.25, n=5, method="m", source="s")
    figure = parse(meter_figure("k", share, name=NAME, highest=1.0))
    (full,) = _marked(figure, "line", "least")
    (bar,) = _marked(figure, "rect", "value")
    assert (full.attributes["x1"], bar.attributes["width"]) == ("80%", "96%")


def test_names_in_figures_are_escaped() -> None:
    """A team's name ends up inside the SVG as well."""
    name = Text("<b>", '"><script>')
    share = Estimate(value=0.5, low=None, high=None, n=1, method="m", source="s")
    figure = parse(meter_figure("k", share, name=name, highest=1.0))
    assert figure.find_all("script") == figure.find_all("b") == []
