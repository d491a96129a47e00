"""Allegations: taken in with the interest behind them, measured, resolved."""
