"""Forged twins of an honest recorded run, and who forged them with which keys."""
