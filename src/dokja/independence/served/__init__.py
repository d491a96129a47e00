"""Whether an endpoint serves the sealed weights."""
