"""The palette meets WCAG AA in both schemes."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from dokja.report.figures import LEVELS

PAIRS = [
    ("ink", "paper"),
    ("ink", "wash"),
    ("soft", "paper"),
    ("soft", "wash"),
    ("accent", "paper"),
    ("accent", "wash"),
    ("on-accent", "accent"),
    *((f"on-{tint}", f"tint-{tint}") for tint in range(4)),
]
HEAT_INK = {1: "ink", 4: "ink", 5: "on-accent", 8: "on-accent"}


def _style(name: str = "sections.css") -> str:
    folder = resources.files("dokja.report") / "templates"
    return (folder / name).read_text(encoding="utf-8")


def _palettes(name: str = "tokens.css") -> dict[str, dict[str, str]]:
    light, dark = re.findall(r":root \{(.*?)\}", _style(name), re.DOTALL)[:2]
    found = {
        scheme: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for scheme, block in (("light", light), ("dark", dark))
    }
    assert set(found["light"]) == set(found["dark"])
    return found


def _channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Contrast ratio. Source: WCAG 2.2, relative luminance."""
    lights = sorted(_luminance(colour) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(scheme: str, text: str, ground: str) -> None:
    """4.5 to 1 is what WCAG AA asks of small text."""
    palette = _palettes()[scheme]
    assert _contrast(_channels(palette[text]), _channels(palette[ground])) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("level", sorted(HEAT_INK))
def test_figures_in_the_heat_map_stay_readable(scheme: str, level: int) -> None:
    """The shades between the two inks are the hard ones."""
    palette = _palettes()[scheme]
    mixed = re.search(rf"\.heat-{level} {{ background: color-mix\(.*? (\d+)%", _style())
    share = int(mixed[1]) / 100 if mixed else 1.0
    accent, paper = _channels(palette["accent"]), _channels(palette["paper"])
    ground = tuple(
        share * a + (1 - share) * p for a, p in zip(accent, paper, strict=True)
    )
    assert _contrast(_channels(palette[HEAT_INK[level]]), ground) >= 4.5


SHADES = range(len(LEVELS) + 1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shade", SHADES)
def test_effects_stay_readable_on_their_shade(scheme: str, shade: int) -> None:
    """Small layer maps print the effect in the cell."""
    palette = _palettes("comparison.css")[scheme]
    ink = re.search(
        rf"\.on-shade-{shade}(?:, [^{{]*)? \{{ fill: var\(--(on-\w+)\)",
        _style("comparison.css"),
    )
    assert ink
    ground = _channels(palette[f"heat-{shade}"])
    assert _contrast(_channels(palette[ink[1]]), ground) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_larger_effect_lies_further_from_the_ground(scheme: str) -> None:
    """A ramp that turns back would rank effects wrongly."""
    ground = _channels(_palettes()[scheme]["paper"])
    palette = _palettes("comparison.css")[scheme]
    far = [_contrast(_channels(palette[f"heat-{n}"]), ground) for n in SHADES]
    assert far == sorted(far)
    assert len(set(far)) == len(far)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_outline_of_the_layer_map_stands_out(scheme: str) -> None:
    """3 to 1 is what WCAG AA asks of lines that carry meaning."""
    seal = _channels(_palettes("comparison.css")[scheme]["seal"])
    assert _contrast(seal, _channels(_palettes()[scheme]["paper"])) >= 3
    pale = _channels(_palettes("comparison.css")[scheme]["heat-0"])
    assert _contrast(seal, pale) >= 3
