"""Checks of a training record, each in its own file."""
