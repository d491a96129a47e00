"""Pages of kept runs: one run with its items, and two runs side by side."""

from dokja.report.runs.pair_page import PairView, pair_view
from dokja.report.runs.run_page import RunView, run_view

__all__ = ["PairView", "RunView", "pair_view", "run_view"]
