"""The terminal names things as the page does, and keeps the machine words."""

from __future__ import annotations

from operator import attrgetter

import msgspec
import pytest

from dokja.cli.lineage_progress import _shortened, shown_reading
from dokja.cli.lineage_view import show_comparison
from dokja.report.sections.evidence import NOT_MEASURED
from dokja.report.wording import VERDICT, component_kind
from tests.comparison_fixture import REACHED, UNREACHED, beside_nulls, every_verdict


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_terminal_and_the_page_share_their_words(
    lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader of both must not wonder whether two words are one thing."""
    monkeypatch.setenv("COLUMNS", "250")
    report = every_verdict()
    show_comparison(report, lang=lang)
    shown = capsys.readouterr().out
    for component in report.components:
        words, kind = VERDICT[component.verdict], component_kind(component.name)
        beside = "" if lang == "en" else f" ({words.ko})"
        assert f"{component.verdict.value}{beside}" in shown
        assert component.name + ("" if lang == "en" else f" ({kind.ko})") in shown
    assert "58.0" in shown
    assert getattr(report.limits, lang)[:20] in shown


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_terminal_says_what_models_trained_apart_reach(
    lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agreement without its error bound reads as proof."""
    monkeypatch.setenv("COLUMNS", "250")
    show_comparison(beside_nulls(), lang=lang)
    shown = capsys.readouterr().out
    for words in map(attrgetter(lang), (UNREACHED, REACHED, NOT_MEASURED)):
        assert words in shown


def test_long_layer_maps_are_shown_in_runs_and_like_tests_are_numbered(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty numbers in a narrow column, or two lines of one name, tell nothing."""
    monkeypatch.setenv("COLUMNS", "160")
    report = every_verdict()
    part = next(p for p in report.components if any(p.layer_map))
    doubled = msgspec.structs.replace(
        part, layer_map=(*range(12), None, *range(20, 30)), tests=part.tests[:1] * 2
    )
    none = msgspec.structs.replace(part, layer_map=(None,) * 30, tests=())
    report = msgspec.structs.replace(report, components=(doubled, none))
    show_comparison(report, lang="en")
    shown = capsys.readouterr().out
    assert "0–11 · 20–29" in shown
    assert "· ·" not in shown
    name = f"{part.tests[0].id} {part.tests[0].tensor_class.value}"
    assert f"{name} (1)" in shown
    assert f"{name} (2)" in shown


def test_names_that_a_terminal_would_obey_are_shown_bare() -> None:
    """Names of tensors come from submitted files."""
    assert _shortened("a\x1b[31mb\n") == "a[31mb"
    long = _shortened("layers." * 20 + "weight")
    assert len(long) == 48
    assert long.endswith("weight")


def test_progress_stays_silent_where_nobody_watches(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A log file gains nothing from thousands of names."""
    with shown_reading() as on_step:
        on_step("model.layers.0.mlp.up_proj.weight", 1_000, 0)
        on_step("model.layers.1.mlp.up_proj.weight", 2_000, 4_000)
    assert capsys.readouterr() == ("", "")


def test_a_terminal_sees_what_is_read_how_far_and_how_fast(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A comparison of large models takes long enough to ask whether it moves."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    with shown_reading() as on_step:
        on_step("[red]layer 0", 0, 4_000_000)
        on_step("[red]layer 1", 2_000_000, 4_000_000)
    shown = capsys.readouterr().err
    assert "[red]layer 1" in shown
    assert "2/4 M parameters" in shown


def test_the_next_model_begins_anew(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A screening reads one model after the other, each counted by itself."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    with shown_reading() as on_step:
        on_step("lm_head.weight", 8_000_000, 8_000_000)
        on_step("model.embed_tokens.weight", 3_000_000, 8_000_000)
    assert "3/8 M parameters" in capsys.readouterr().err
