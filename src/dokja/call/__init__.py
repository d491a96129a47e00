"""Calls: who may apply, who is selected under which clause, what was agreed."""
