"""Invited users: models tried under blind labels, and their ballots."""
