"""Suites on disk: folders that were frozen, data files, installed packages."""

from dokja.adapters.suites.packaged import (
    exemplar_rows,
    package_file,
    package_version,
)
from dokja.adapters.suites.rows import read_rows
from dokja.adapters.suites.suite_folder import SuiteFolder, write_suite_folder
from dokja.adapters.suites.token_counter import tokenizer_counter

__all__ = [
    "SuiteFolder",
    "exemplar_rows",
    "package_file",
    "package_version",
    "read_rows",
    "tokenizer_counter",
    "write_suite_folder",
]
