"""Passwords: what is kept of them, and what a guess costs."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from dokja.adapters.passwords import Argon2Hasher, SystemSecrets, Work, argon2id
from dokja.errors import Unavailable
from tests.contract.people_fixture import PASSWORD, QUICK


def test_a_hash_matches_its_password_alone() -> None:
    """Two hashes of one password differ, or equal passwords would show."""
    hasher = Argon2Hasher(QUICK)
    kept = [hasher.hash(PASSWORD) for _ in range(2)]
    assert kept[0] != kept[1]
    assert all(hasher.matches(PASSWORD, each) for each in kept)
    assert not hasher.matches(PASSWORD + " ", kept[0])
    assert not hasher.matches(PASSWORD, None)
    assert not hasher.matches("no account has this password", None)
    assert not hasher.matches(PASSWORD, "not a hash")


def test_a_hash_made_with_less_work_is_outdated() -> None:
    """Parameters rise over the years; hashes are renewed at the next sign-in."""
    kept = Argon2Hasher(QUICK).hash(PASSWORD)
    today = Argon2Hasher()
    assert today.is_outdated(kept)
    assert today.matches(PASSWORD, kept)
    assert not today.is_outdated(today.hash(PASSWORD))
    assert "$m=19456,t=2,p=1$" in today.hash(PASSWORD)


def test_a_crowd_waits_and_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each hash takes megabytes: a crowd of guesses must not take them all."""
    monkeypatch.setattr(argon2id, "_PATIENCE_SECONDS", 0)
    hasher = Argon2Hasher(Work(passes=6))
    start = threading.Barrier(12)

    def guess(_: int) -> bool:
        start.wait(timeout=30)
        try:
            hasher.matches(PASSWORD, None)
        except Unavailable:
            return False
        return True

    with ThreadPoolExecutor(12) as pool:
        served = list(pool.map(guess, range(12)))
    assert 1 <= sum(served) < 12


def test_secrets_are_long_and_never_the_same() -> None:
    """A token has 256 bits, a name 80 and no sign that an address would change."""
    secrets = SystemSecrets()
    assert len({secrets.token() for _ in range(100)}) == 100
    assert (len(secrets.token()), len(secrets.key())) == (43, 32)
    names = {secrets.name() for _ in range(100)}
    assert len(names) == 100
    assert all(name.isalnum() and name.islower() and len(name) == 16 for name in names)
