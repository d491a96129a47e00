"""A record with one thing wrong in it, for each invariant: what checks must catch."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping

from tests.whole_programme.rows import Body, Record, Row

Rows = list[Row]


def planted(record: Record, number: int) -> Record:
    """The record, or its beginning, with what the invariant forbids planted in it."""
    rows = PLANTS[number]([row._replace(body=copy.deepcopy(row.body)) for row in
                           record.rows])  # fmt: skip
    return Record(tuple(rows))


def _weights_of_105(rows: Rows) -> Rows:
    _one(rows, "rules_frozen").body["rulebook"]["categories"][0]["points"] = "45"
    return rows


def _better_total(rows: Rows) -> Rows:
    first = _one(rows, "standing_computed").body["teams"][0]
    first["total"] = f"{float(first['total']) + 0.01:.2f}"
    return rows


def _saved_by_rank(rows: Rows) -> Rows:
    """Who failed the gate advances, and another leaves for it."""
    rows, decision = _until_decision(rows)
    failed = {
        row.body["team"]
        for row in rows
        if row.kind == "independence_found" and row.body["result"] == "fail"
    }
    out = next(t for t in decision["teams"] if t["team"] in failed)
    last = [t for t in decision["teams"] if t["status"] == "advances"][-1]
    out["status"], last["status"] = "advances", "eliminated_by_gate"
    return rows


def _unheard(rows: Rows) -> Rows:
    """A finding of the day on which the team was asked, and no reply to it."""
    row = next(
        row
        for row in rows
        if row.kind == "independence_found" and row.body["result"] == "fail"
    )
    asked = _one(rows, "rules_frozen", row.stage).body["plan"]["schedule"]
    rows[row.place - 1] = row._replace(at=asked["reply_requested"])
    closed = _one(rows, "replies_closed", row.stage).body
    closed["replies"] = [r for r in closed["replies"] if r["team"] != row.body["team"]]
    return rows


def _forgotten_team(rows: Rows) -> Rows:
    rows, decision = _until_decision(rows)
    gone = next(t for t in decision["teams"] if t["status"].startswith("eliminated"))
    decision["teams"].remove(gone)
    return rows


def _one_place_more(rows: Rows) -> Rows:
    _one(rows, "decision_issued").body["vacancies"] += 1
    return rows


def _without_votes(rows: Rows) -> Rows:
    for event in _events(rows, "call", "decided"):
        if event["selected"] and event["votes"]:
            for vote in event["votes"]:
                vote["in_favour"] = False
            return rows
    raise LookupError("no revival call of this record selects anybody")


def _given_twice(rows: Rows) -> Rows:
    for row in rows:
        if row.kind == "gpu_book" and row.body["event"]["what"] == "allocation_adopted":
            share = row.body["event"]["shares"][0]
            share["gpus"] *= 100
            return rows[: row.place]
    raise LookupError("nothing was allocated")


def _time_taken_back(rows: Rows) -> Rows:
    """The time that made a team equal ends where everybody's does."""
    ends = {
        event["pool"]["id"]: event["pool"]["window"]["ends"]
        for event in _events(rows, "gpu_book", "pool_registered")
    }
    for event in _events(rows, "gpu_book", "equal_time_granted"):
        event["deadline"] = ends[f"{event['stage']}-a"]
    return rows


def _recused_scores(rows: Rows) -> Rows:
    for event in _events(rows, "call", "screened"):
        panel = event["panel"]
        for one in panel.get("computed", ()):
            sheet = copy.deepcopy(panel["sheets"][0])
            panel["sheets"].append(
                {**sheet, "expert": one["expert"], "team": one["team"]}
            )
            return rows
    raise LookupError("no expert of this record is recused")


def _other_bytes(rows: Rows) -> Rows:
    files = _one(rows, "submission_sealed").body["files"]
    files[0]["digest"] = f"sha256:{'0' * 64}"
    return rows


def _figure_without_date(rows: Rows) -> Rows:
    next(_events(rows, "figure", "figure_stated"))["figure"]["source"]["on"] = ""
    return rows


def _more_than_there_is(rows: Rows) -> Rows:
    for event in _events(rows, "ledger", "entry_posted"):
        accounts = {posting["account"] for posting in event["entry"]["postings"]}
        if accounts == {"appropriation", "spent"}:
            for posting in event["entry"]["postings"]:
                posting["krw"] *= 1000
            return rows
    raise LookupError("nothing was bought")


def _inherited_passes(rows: Rows) -> Rows:
    stage, team = _passing(rows)
    for row in rows:
        if row.kind == "submission_sealed" and (row.stage, row.subject) == (
            stage,
            team,
        ):
            row.body["manifest"]["components"][0]["weight_state"] = "inherited_frozen"
    return rows


def _untested_passes(rows: Rows) -> Rows:
    stage, team = _passing(rows)
    for row in rows:
        of_stage = (row.kind, row.stage) == ("lineage_compared", stage)
        if of_stage and row.body["candidate"] == team:
            row.body["components"][0]["verdict"] = "untestable"
    return rows


PLANTS: Mapping[int, Callable[[Rows], Rows]] = {
    1: _weights_of_105,
    2: _better_total,
    3: _saved_by_rank,
    4: _unheard,
    5: _forgotten_team,
    6: _one_place_more,
    7: _without_votes,
    8: _given_twice,
    9: _time_taken_back,
    10: _recused_scores,
    11: _other_bytes,
    12: _figure_without_date,
    13: _more_than_there_is,
    14: _inherited_passes,
    15: _untested_passes,
}


def _one(rows: Rows, kind: str, stage: str = "stage-1") -> Row:
    return next(row for row in rows if (row.kind, row.stage) == (kind, stage))


def _until_decision(rows: Rows) -> tuple[Rows, Body]:
    """The record up to the first stage's decision, so that nothing follows from it."""
    row = _one(rows, "decision_issued")
    return rows[: row.place], row.body


def _events(rows: Rows, kind: str, what: str) -> Iterator[Body]:
    for row in rows:
        if row.kind == kind and row.body["event"]["what"] == what:
            yield row.body["event"]


def _passing(rows: Rows) -> tuple[str, str]:
    row = next(
        row
        for row in rows
        if row.kind == "independence_found" and row.body["result"] == "pass"
    )
    return row.stage, row.body["team"]
