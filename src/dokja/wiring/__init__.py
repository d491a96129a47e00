"""Picks adapters from settings and calls acts with them; nothing else does."""
