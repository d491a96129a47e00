"""Runs that were made elsewhere, read from their logs against a frozen suite.

Of a log only what the model answered is taken: scores are ours, and what the
frozen suite asks and the log does not hold is missing.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.harness.log_files import log_digest
from dokja.adapters.harness.logged import Logged, LogKind, read_log
from dokja.adapters.harness.records import (
    Asked,
    Fault,
    Likelihoods,
    Written,
    choice_record,
    fault_record,
    judged_record,
    missing_record,
    written_record,
)
from dokja.benchmark.values import Item, Measured, SampleRecord, Scoring, Suite
from dokja.benchmark.written import prompt_of
from dokja.errors import InvalidInput


@dataclass(frozen=True, kw_only=True)
class ImportedRun:
    """The records of a log, and which log it was."""

    records: tuple[SampleRecord, ...]
    """By item and repeat."""
    engine: str
    """To be named beside what ran the model, which a log does not prove."""


def import_log(
    path: Path, kind: LogKind, suite: Suite, *, repeats: int = 1
) -> ImportedRun:
    """One record for every repeat of every item of the suite.

    Raises: InvalidInput for a log of another suite, of changed questions or with
    two answers to one question.
    """
    places = _Places(suite)
    given: dict[tuple[str, int], Logged] = {}
    for logged in read_log(path, kind):
        item = places.item_of(logged)
        key = (item.id, logged.repeat)
        if key in given or not 0 <= logged.repeat < repeats:
            raise InvalidInput(
                f"item {item.id}: {path.name} holds an answer too many "
                f"(repeat {logged.repeat + 1})",
                remedy="hand in the log of one run with the repeats that were agreed",
            )
        given[key] = logged
    digest = log_digest(path)
    records = tuple(
        _record(Asked(suite=suite, item=item, repeat=n), given.get((item.id, n)))
        for item in suite.items
        for n in range(repeats)
    )
    return ImportedRun(records=records, engine=f"imported {kind.value} log {digest}")


class _Places:
    """Finds the item that a sample of a log is about."""

    def __init__(self, suite: Suite) -> None:
        self._ids = {item.id: item for item in suite.items}
        self._header = suite.header
        self._wordings: dict[str, list[Item]] = {}
        for item in suite.items:
            for wording in self._worded(item):
                self._wordings.setdefault(wording, []).append(item)

    def item_of(self, logged: Logged) -> Item:
        """The item of that id and wording, else of that wording alone.

        Raises: InvalidInput where the question is not, or no longer, the suite's.
        """
        wording = _plain(logged.question)
        item = self._ids.get(logged.id)
        if item is not None:
            if wording not in self._worded(item):
                raise InvalidInput(
                    f"item {item.id}: the log asks something else than the suite",
                    remedy="run the frozen suite; a changed question is another one",
                )
            return item
        found = self._wordings.get(wording, [])
        if len(found) != 1:
            reason = "several items ask" if found else "no item asks"
            raise InvalidInput(
                f"sample {logged.id or '?'}: {reason} {logged.question[:80]!r}",
                remedy="log each sample with the id that its item has in the suite",
            )
        return found[0]

    def _worded(self, item: Item) -> set[str]:
        asked = {_plain(item.question)}
        if self._header.scoring is not Scoring.CHOICES:
            asked.add(_plain(prompt_of(self._header, item)))
        return asked


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _record(asked: Asked, logged: Logged | None) -> SampleRecord:
    if logged is None:
        return missing_record(asked, "the log holds no answer", None)
    try:
        return _answered(asked, logged)
    except Fault as fault:
        return fault_record(asked, fault)


def _answered(asked: Asked, logged: Logged) -> SampleRecord:
    if logged.error:
        raise Fault(None, f"the log says: {logged.error}")
    scoring = asked.suite.header.scoring
    measured = None if logged.seconds is None else Measured(seconds=logged.seconds)
    if scoring is Scoring.CHOICES:
        _require_choices(asked.item, logged)
        found = Likelihoods(values=logged.likelihoods, measured=measured)
        return choice_record(asked, found)
    if logged.answer is None:
        raise Fault(None, "the log holds no text for an answer")
    written = Written(
        text=logged.answer,
        input_tokens=logged.input_tokens,
        output_tokens=logged.output_tokens,
        measured=measured,
    )
    if scoring is not Scoring.JUDGE:
        return written_record(asked, written)
    if logged.judged is None:
        raise Fault(None, "the log holds no one score of a judge from 0 to 1")
    return judged_record(asked, written, logged.judged)


def _require_choices(item: Item, logged: Logged) -> None:
    """Nothing. Raises: InvalidInput where the log's choices are not the item's."""
    worded = tuple(_plain(choice) for choice in logged.continuations)
    if worded and worded != tuple(_plain(choice) for choice in item.choices):
        raise InvalidInput(
            f"item {item.id}: the log offers other choices than the suite",
            remedy="run the frozen suite, with its choices in their order",
        )


__all__ = ["ImportedRun", "LogKind", "import_log"]
