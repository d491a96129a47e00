"""Figures as inline SVG: pure functions from numbers and names to markup.

They fill the width they are given, carry their own title and description,
and never tell anything by colour alone.
"""

from dokja.report.figures.accuracy import AccuracyRow, accuracy_figure
from dokja.report.figures.controls import (
    ControlsRow,
    controls_figure,
    standing_figure,
)
from dokja.report.figures.heat_map import LEVELS, HeatMap, heat_map_figure
from dokja.report.figures.item_map import item_map_figure
from dokja.report.figures.layer_map import layer_map_figure
from dokja.report.figures.meter import meter_figure
from dokja.report.figures.scores import (
    Bounds,
    difference_figure,
    dot_figure,
    dumbbell_figure,
    reach_of,
    score_figure,
)
from dokja.report.figures.totals import Cut, Segment, TotalsRow, totals_figure

__all__ = [
    "LEVELS",
    "AccuracyRow",
    "Bounds",
    "ControlsRow",
    "Cut",
    "HeatMap",
    "Segment",
    "TotalsRow",
    "accuracy_figure",
    "controls_figure",
    "difference_figure",
    "dot_figure",
    "dumbbell_figure",
    "heat_map_figure",
    "item_map_figure",
    "layer_map_figure",
    "meter_figure",
    "reach_of",
    "score_figure",
    "standing_figure",
    "totals_figure",
]
