"""Ratings of teams from blind pairwise votes: arrays in, strengths and errors out.

Import from its modules: votes, ratings under three readings of a tie, position
and style, errors clustered on the voter, simultaneous intervals and ranks,
bootstraps, votes needed.
"""
