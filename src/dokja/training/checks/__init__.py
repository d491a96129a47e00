"""Checks of a training record, each in its own file, and what is not run yet."""
