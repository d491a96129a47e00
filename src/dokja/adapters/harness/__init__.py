"""Evaluation harnesses behind the benchmark's port; imported when they run."""

from dokja.adapters.harness.lm_eval import LmEvalHarness

__all__ = ["LmEvalHarness"]
