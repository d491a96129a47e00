"""A citizen panel: quotas, who may still come in, and weights."""
