"""Scores that a judge model gives, and how people audit them."""

from dokja.benchmark.judging.audit import audit_judge, audit_size, draw_audit

__all__ = ["audit_judge", "audit_size", "draw_audit"]
