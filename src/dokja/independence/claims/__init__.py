"""Public claims about a model, each beside the evidence on it."""
