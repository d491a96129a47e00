"""What a stage's record must never show: invariants 1, 2, 3, 11, 14 and 15.

Each truth is counted again from the acts, with fractions and loops, by nothing of the
product.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import rfc8785

from tests.whole_programme.rows import Body, Record, Row

INHERITED = ("identical", "derived", "partial")
DOUBT = ("refer", "untestable")
SEALED = ("submission_sealed", "reference_registered", "benchmark_run")


def invariant_01_weights_sum_to_100_and_are_frozen(record: Record) -> Iterator[str]:
    """Weights sum to 100 and stand before the first seal, or an exception says why."""
    for stage in record.stages():
        frozen = record.of("rules_frozen", stage)[0]
        for rules in (row.body["rulebook"] for row in _rule_acts(record, stage)):
            points = [Fraction(c["points"]) for c in rules["categories"]]
            if sum(points) != 100:
                yield f"{stage}: the weights sum to {sum(points)}"
            for category, own in zip(rules["categories"], points, strict=True):
                parts = sum(Fraction(c["points"]) for c in category["components"])
                if parts != own:
                    yield f"{stage}: {category['id']} is {own}, its parts {parts}"
        seals = record.of("submission_sealed", stage)
        for row in seals:
            if row.place < frozen.place:
                yield f"{stage}: {row.subject} was sealed before the rules were frozen"
        decisions = record.of("decision_issued", stage)
        for row in (*seals, *decisions):
            if row.body["rules_digest"] != _in_force(record, row):
                yield f"{stage}: {row.kind} {row.subject} is under other rules"
        yield from _exceptions(record, stage, frozen)


def invariant_02_totals_are_sums_of_what_was_measured(record: Record) -> Iterator[str]:
    """Components from runs, sheets and ballots; categories and totals as their sums."""
    for stage in record.stages():
        standing = record.one("standing_computed", stage)
        if standing is None:
            continue
        rules = _rule_acts(record, stage)[-1].body["rulebook"]
        measured = Measured(record, stage, rules)
        totals: dict[str, Decimal | None] = {}
        for team in standing["teams"]:
            sums = []
            for category in team["categories"]:
                parts = [_number(c["points"]) for c in category["components"]]
                for part in category["components"]:
                    own = measured.points(part["component"], team["team"])
                    if own != _number(part["points"]):
                        yield (
                            f"{stage}: {team['team']} has {part['points']} for "
                            f"{part['component']}, the evidence gives {own}"
                        )
                sums.append(_sum(parts))
                if sums[-1] != _number(category["points"]):
                    yield f"{stage}: {category['category']} is not the sum of its parts"
            totals[team["team"]] = _number(team["total"])
            if _sum(sums) != totals[team["team"]]:
                yield f"{stage}: the total of {team['team']} is not the sum"
        yield from _ranks(stage, standing, totals)


def invariant_03_a_gate_only_removes_and_rank_never_saves(
    record: Record,
) -> Iterator[str]:
    """No gate gives points; who fails one does not advance, nor who is outside."""
    for stage in record.stages():
        rules = _rule_acts(record, stage)[-1].body["rulebook"]
        for gate in rules["gates"]:
            if Fraction(gate.get("points", 0)) != 0:
                yield f"{stage}: the gate {gate['id']} has {gate['points']} points"
        decision = record.one("decision_issued", stage)
        if decision is None:
            continue
        failed = {
            row.body["team"]
            for row in record.of("independence_found", stage)
            if row.body["result"] == "fail"
        }
        totals = _totals(record, stage)
        status = {team["team"]: team["status"] for team in decision["teams"]}
        active = [team for team, is_so in status.items() if is_so != "withdrawn"]
        keep = decision["planned_places"]
        for team in active:
            own = totals.get(team)
            advances = status[team] == "advances"
            if team in failed and advances:
                yield f"{stage}: {team} failed a gate and advances"
            if own is None or len(active) <= keep:
                continue
            ahead = sum(1 for t in active if (totals.get(t) or Decimal(-1)) > own)
            level = sum(1 for t in active if t != team and totals.get(t) in (own, None))
            if advances and ahead >= keep:
                yield f"{stage}: {team} advances with {ahead} teams ahead of it"
            if status[team] == "eliminated_by_rank" and ahead + level < keep:
                yield f"{stage}: {team} is out by rank with {ahead} teams ahead of it"


def invariant_11_what_is_sealed_stays_and_is_what_was_measured(
    record: Record,
) -> Iterator[str]:
    """One seal a team and stage, its root over its files; runs are of those weights."""
    for name in record.changed:
        if any(f", {kind} " in name for kind in SEALED):
            yield f"{name} is not what it was"
    for stage in record.stages():
        yield from _seal_problems(record, stage)


def invariant_14_no_inherited_part_passes(record: Record) -> Iterator[str]:
    """Who passes declared every part initialised, and no comparison says otherwise."""
    for stage in record.stages():
        declared = _declared(record, stage)
        for row in record.of("independence_found", stage):
            if row.body["result"] != "pass":
                continue
            team = row.body["team"]
            for part in declared.get(team, ()):
                if part["weight_state"] != "initialised":
                    yield f"{stage}: {team} passes with {part['weight_state']} weights"
            if any(word in INHERITED for _, word in _verdicts(record, stage, team)):
                yield f"{stage}: {team} passes with another model's weights"


def invariant_15_missing_evidence_decides_nothing(record: Record) -> Iterator[str]:
    """Undetermined, never pass or fail, where something is missing."""
    for stage in record.stages():
        declared = _declared(record, stage)
        for row in record.of("independence_found", stage):
            team, result = row.body["team"], row.body["result"]
            found = _verdicts(record, stage, team)
            against = any(word in INHERITED for _, word in found) or any(
                part["weight_state"] != "initialised" or not part["licence"]
                for part in declared[team]
            )
            compared = {kind for kind, word in found if word not in DOUBT}
            lacks = {part["kind"] for part in declared[team]} - compared
            if lacks and not against and result != "undetermined":
                yield f"{stage}: {team} has {result} without {', '.join(lacks)}"
            if not against and result == "fail":
                yield f"{stage}: {team} fails and nothing speaks against it"
        yield from _unknown_totals(record, stage)
    yield from _unlooked_at(record)


class Measured:
    """The evidence of a stage, for points that are counted again."""

    def __init__(self, record: Record, stage: str, rules: Body) -> None:
        self.plan = record.of("rules_frozen", stage)[0].body["plan"]
        self.panel = record.one("panel_closed", stage) or {}
        self.box = record.one("ballots_closed", stage) or {}
        self.runs = {
            row.body["subject"]: row.body["samples"]
            for row in record.of("benchmark_run", stage)
        }
        self.own_suites = {
            row.body["manifest"]["team"]: row.body["manifest"]["individual_suites"]
            for row in record.of("submission_sealed", stage)
        }
        self.parts = {
            part["id"]: part for c in rules["categories"] for part in c["components"]
        }
        self.places = rules["rounding"]["component_places"]

    def points(self, component: str, team: str) -> Decimal | None:
        """Share times points, half up once; None where anything is missing."""
        part = self.parts[component]
        share = self._share(part, team)
        if share is None:
            return None
        scaled = share * Fraction(part["points"]) * 10**self.places
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        return Decimal(whole).scaleb(-self.places)

    def _share(self, part: Body, team: str) -> Fraction | None:
        if part["measure"] == "panel_mean":
            most = sum(c["max"] for c in self.panel["criteria"])
            return _mean(
                [
                    Fraction(sum(sheet["scores"].values()), most)
                    for sheet in self.panel["sheets"]
                    if sheet["team"] == team
                ]
            )
        if part["measure"] == "ballot_mean":
            low, high = self.box["scale"]["min"], self.box["scale"]["max"]
            return _mean(
                [
                    _mean(
                        [Fraction(a - low, high - low) for a in b["answers"].values()]
                    )
                    for b in self.box["ballots"]
                    if b["team"] == team
                ]
            )
        suites = self.plan["suites"][part["id"]]
        if part["measure"] == "suite_mean":
            return _mean([self._accuracy(team, suite) for suite in suites])
        own = [suite for suite in suites if suite in self.own_suites[team]]
        target = f"reference:{self.plan['target_reference']}"
        return _mean(
            [
                _attained(
                    self._accuracy(team, suite),
                    self._accuracy(target, suite),
                    cap=Fraction(part["cap"]),
                )
                for suite in own
            ]
        )

    def _accuracy(self, subject: str, suite: str) -> Fraction | None:
        samples = [s for s in self.runs.get(subject, ()) if s["suite"] == suite]
        scores = [s["score"] for s in samples]
        return _mean([None if each is None else Fraction(each) for each in scores])


def _seal_problems(record: Record, stage: str) -> Iterator[str]:
    seals = record.of("submission_sealed", stage)
    references = record.of("reference_registered", stage)
    sealed = Counter(row.body["manifest"]["team"] for row in seals)
    yield from (
        f"{stage}: {t} was sealed {n} times" for t, n in sealed.items() if n > 1
    )
    for row in (*seals, *references):
        if row.body["root"] != _root(row.body["files"]):
            yield f"{stage}: the root of {row.subject} is not that of its files"
    roots = {row.body["manifest"]["team"]: row.body["root"] for row in seals}
    roots |= {f"reference:{r.body['model']['id']}": r.body["root"] for r in references}
    for row in record.of("benchmark_run", stage):
        if row.body["weights_root"] != roots.get(row.body["subject"]):
            yield f"{stage}: the run of {row.subject} is of other weights"


def _answers(ballot: Body) -> list[int]:
    return list(ballot["answers"].values())


def _attained(
    own: Fraction | None, target: Fraction | None, *, cap: Fraction
) -> Fraction | None:
    return None if own is None or not target else min(own / target, cap)


def _mean(shares: Sequence[Fraction | None]) -> Fraction | None:
    known = [share for share in shares if share is not None]
    if not shares or len(known) < len(shares):
        return None
    return sum(known, Fraction(0)) / len(known)


def _sum(parts: Sequence[Decimal | None]) -> Decimal | None:
    known = [part for part in parts if part is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def _number(told: Any) -> Decimal | None:
    return None if told is None else Decimal(str(told))


def _ranks(
    stage: str, standing: Body, totals: dict[str, Decimal | None]
) -> Iterator[str]:
    known = [total for total in totals.values() if total is not None]
    for team in standing["teams"]:
        own = totals[team["team"]]
        rank = None
        if own is not None and len(known) == len(totals):
            rank = 1 + sum(1 for total in known if total > own)
        if team["rank"] != rank:
            yield f"{stage}: {team['team']} has rank {team['rank']}, not {rank}"


def _totals(record: Record, stage: str) -> dict[str, Decimal | None]:
    standing = record.one("standing_computed", stage) or {"teams": ()}
    return {team["team"]: _number(team["total"]) for team in standing["teams"]}


def _unknown_totals(record: Record, stage: str) -> Iterator[str]:
    decision = record.one("decision_issued", stage)
    if decision is None:
        return
    totals = _totals(record, stage)
    active = [t for t in decision["teams"] if t["status"] != "withdrawn"]
    has_room = len(active) <= decision["planned_places"]
    for team in active:
        if totals.get(team["team"]) is not None:
            continue
        if team["status"] == "eliminated_by_rank" or (
            team["status"] == "advances" and not has_room
        ):
            yield f"{stage}: {team['team']} has no total and {team['status']}"


def _unlooked_at(record: Record) -> Iterator[str]:
    """Applications that were found eligible by checks without a comparison."""
    cited: set[tuple[str, str]] = set()
    models: dict[str, list[str]] = {}
    for entry in record.entries("application"):
        if entry.what in ("drafted", "revised"):
            models[entry.matter] = [
                shown["id"]
                for shown in entry.event["proposal"]["track"]
                if shown["item"] == "existing_model"
            ]
        if entry.what == "comparison_cited":
            cited.add((entry.matter, entry.event["comparison"]["entry"]))
        if entry.what == "eligibility" and not entry.event.get("reviewers"):
            results = {c["result"] for c in entry.event["checks"]}
            outcome = entry.event["outcome"]
            missing = [
                m for m in models[entry.matter] if (entry.matter, m) not in cited
            ]
            if outcome == "eligible" and missing:
                yield f"{entry.matter} is eligible with {missing} compared with nothing"
            if outcome == "ineligible" and "fail" not in results:
                yield f"{entry.matter} is ineligible and no check failed"


def _declared(record: Record, stage: str) -> dict[str, list[Body]]:
    return {
        row.body["manifest"]["team"]: row.body["manifest"]["components"]
        for row in record.of("submission_sealed", stage)
    }


def _verdicts(record: Record, stage: str, team: str) -> list[tuple[str, str]]:
    return [
        (part["name"], part["verdict"])
        for row in record.of("lineage_compared", stage)
        if row.body["candidate"] == team
        for part in row.body["components"]
    ]


def _rule_acts(record: Record, stage: str) -> list[Row]:
    return [*record.of("rules_frozen", stage), *record.of("rules_exception", stage)]


def _in_force(record: Record, at: Row) -> str:
    """Digest of the rules when the act was filed, counted from their text."""
    before = [r for r in _rule_acts(record, at.stage) if r.place < at.place]
    if not before:
        return "none"
    text = rfc8785.dumps(before[-1].body["rulebook"])
    return f"sha256:{hashlib.sha256(text).hexdigest()}"


def _exceptions(record: Record, stage: str, frozen: Row) -> Iterator[str]:
    teams = set(frozen.body["plan"]["teams"])
    for row in record.of("rules_exception", stage):
        if not teams <= set(row.body["consents"]):
            yield f"{stage}: the rules changed without the consent of every team"
        if not row.body["reason"]["ko"] or not row.body["reason"]["en"]:
            yield f"{stage}: the rules changed without a reason"


def _root(files: Sequence[Body]) -> str:
    """Merkle root over the files' canonical bytes (RFC 6962, section 2.1)."""
    leaves = [hashlib.sha256(b"\0" + rfc8785.dumps(f)).digest() for f in files]
    while len(leaves) > 1:
        pairs = [leaves[i : i + 2] for i in range(0, len(leaves), 2)]
        leaves = [
            hashlib.sha256(b"\1" + b"".join(pair)).digest()
            if len(pair) == 2
            else pair[0]
            for pair in pairs
        ]
    return f"sha256:{leaves[0].hex()}"
