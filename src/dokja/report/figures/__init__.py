"""Figures as inline SVG: pure functions from numbers and names to markup.

They fill the width they are given, carry their own title and description,
and never tell anything by colour alone.
"""

from dokja.report.figures.accuracy import AccuracyRow, accuracy_figure
from dokja.report.figures.controls import ControlsRow, controls_figure
from dokja.report.figures.layer_map import layer_map_figure
from dokja.report.figures.meter import meter_figure
from dokja.report.figures.totals import Cut, Segment, TotalsRow, totals_figure

__all__ = [
    "AccuracyRow",
    "ControlsRow",
    "Cut",
    "Segment",
    "TotalsRow",
    "accuracy_figure",
    "controls_figure",
    "layer_map_figure",
    "meter_figure",
    "totals_figure",
]
