"""Opinions of the panel on an aspect, and how far they reach."""
