"""Agreements with selected teams: their cost share, what they owe, and until when."""
