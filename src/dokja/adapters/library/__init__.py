"""A library of fingerprints as a folder."""

from dokja.adapters.library.library_folder import LibraryFolder

__all__ = ["LibraryFolder"]
