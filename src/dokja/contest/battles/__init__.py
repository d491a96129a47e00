"""Blind pairs: opened under a sealed secret, drawn, shown alike, judged or voided."""
