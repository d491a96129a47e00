"""Folders of the organiser: programmes that are read, bundles that are published."""

from dokja.adapters.folders.bundle_folder import publish_folder, read_folder
from dokja.adapters.folders.programme_folder import ProgrammeFolder

__all__ = ["ProgrammeFolder", "publish_folder", "read_folder"]
