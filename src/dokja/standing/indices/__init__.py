"""AI Frontier Index, AI Diffusion Index and the moving target, as measured."""

from dokja.standing.indices.attainment import TargetEvidence, target_reports
from dokja.standing.indices.diffusion import diffusion_report
from dokja.standing.indices.figures import DiffusionEvidence, Figure
from dokja.standing.indices.from_runs import benchmark_scores, cost_measurements
from dokja.standing.indices.frontier import FrontierEvidence
from dokja.standing.indices.frontier_report import frontier_report
from dokja.standing.indices.reference_set import reference_set
from dokja.standing.indices.scores import BenchmarkScores

__all__ = [
    "BenchmarkScores",
    "DiffusionEvidence",
    "Figure",
    "FrontierEvidence",
    "TargetEvidence",
    "benchmark_scores",
    "cost_measurements",
    "diffusion_report",
    "frontier_report",
    "reference_set",
    "target_reports",
]
