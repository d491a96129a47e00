"""Slow password hashes (argon2id), and randomness nobody can guess."""

from dokja.adapters.passwords.argon2id import Argon2Hasher, Work
from dokja.adapters.passwords.randomness import SystemSecrets

__all__ = ["Argon2Hasher", "SystemSecrets", "Work"]
