"""Suites on disk: folders that were frozen, data files, installed packages."""

from dokja.adapters.suites.packaged import (
    exemplar_rows,
    package_file,
    package_version,
)
from dokja.adapters.suites.rows import read_rows
from dokja.adapters.suites.suite_folder import SuiteFolder, write_suite_folder

__all__ = [
    "SuiteFolder",
    "exemplar_rows",
    "package_file",
    "package_version",
    "read_rows",
    "write_suite_folder",
]
