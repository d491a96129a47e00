"""Settings say where it runs; a wrong one is named with its remedy."""

from __future__ import annotations

import pytest

from dokja.errors import InvalidInput, Unavailable
from dokja.settings import read_settings, shipped_folder


def test_defaults_fit_a_small_machine() -> None:
    """Two workers, SQLite beside the output, no key."""
    settings = read_settings({})
    assert (settings.workers, settings.database, settings.signing_key) == (
        2,
        None,
        None,
    )


def test_the_environment_overrides_each_setting() -> None:
    """And an empty variable counts as unset."""
    settings = read_settings(
        {"DOKJA_WORKERS": "7", "DOKJA_DATABASE": "sqlite:///x", "DOKJA_SIGNING_KEY": ""}
    )
    assert (settings.workers, settings.database) == (7, "sqlite:///x")
    assert settings.signing_key is None


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    """With the variable's name, not a traceback."""
    with pytest.raises(InvalidInput, match="DOKJA_WORKERS"):
        read_settings({"DOKJA_WORKERS": value})


def test_both_shipped_folders_are_found_and_no_other() -> None:
    """From the wheel or from a clone alike."""
    assert (shipped_folder("programmes") / "k-ai/rulebook.toml").is_file()
    assert (shipped_folder("examples") / "programme/rulebook.toml").is_file()
    with pytest.raises(Unavailable, match="no secrets"):
        shipped_folder("secrets")


@pytest.mark.parametrize("value", ["local", "ray:local", "ray:10.0.0.1:6379"])
def test_a_place_to_compute_is_taken_as_it_is(value: str) -> None:
    """And without one everything runs on this machine."""
    assert read_settings({"DOKJA_COMPUTE": value}).compute == value
    assert read_settings({"DOKJA_COMPUTE": ""}).compute == "local"


@pytest.mark.parametrize(
    "value",
    ["ray", "ray:", "ray:auto", "ray://head:10001", "ray:head:0", "ray:h:65536"],
)
def test_a_place_that_is_none_is_refused(value: str) -> None:
    """A run that waits for a machine that never answers would cost hours."""
    with pytest.raises(InvalidInput, match="DOKJA_COMPUTE") as caught:
        read_settings({"DOKJA_COMPUTE": value})
    assert "ray:10.0.0.1:6379" in caught.value.remedy
