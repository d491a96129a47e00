"""Dokja runs a foundation-model programme and decides with evidence."""

__version__ = "0.1.0"
