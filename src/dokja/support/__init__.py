"""What teams are given: GPUs, data, talent grants, and the money behind them."""
