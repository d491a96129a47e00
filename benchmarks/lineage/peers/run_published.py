"""Runs one re-implemented published statistic: its name is the argument.

Written by us from the formulas in the papers that each module names; changes of
ours are named there too.
"""

from __future__ import annotations

import importlib
import sys

from pairs import serve

# Raise this when a statistic changes, so that no old answer passes for a new one.
VERSION = "formula 1"

if __name__ == "__main__":
    serve(importlib.import_module(sys.argv[1]).judge, VERSION)
