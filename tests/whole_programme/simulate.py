"""Many made-up programmes to their ends, with everything counted that happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.whole_programme.mischief import MISCHIEF
from tests.whole_programme.office import Tally
from tests.whole_programme.record_checks import INVARIANTS
from tests.whole_programme.rows import Record
from tests.whole_programme.story import Story, new_story, tell

MEDDLING = 0.35
"""How often, between two steps, somebody tries what is mostly not allowed."""


@dataclass
class Simulated:
    """What became of the programmes."""

    programmes: int = 0
    tally: Tally = field(default_factory=Tally)
    looks: int = 0
    """Times that every invariant was counted again from the whole record."""
    acts: int = 0
    """Acts on the records at the ends."""
    ends: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    """How often there was something for an invariant to be about."""
    violations: list[str] = field(default_factory=list)
    """Seed, step and invariant."""


def simulate(seeds: Iterable[int], new_url: Callable[[], str]) -> Simulated:
    """The programmes of these seeds, each on a database of its own."""
    found = Simulated()
    for seed in seeds:
        with new_story(new_url(), seed) as story:
            record = _to_its_end(story, seed, found)
            found.programmes += 1
            found.acts += len(record.rows)
            found.ends[story.end or "a step failed"] += 1
            found.tally.add(story.office.tally)
            found.seen.update(occasions(record))
            found.violations += [f"seed {seed}: {b}" for b in story.office.broken]
    return found


def occasions(record: Record) -> Counter[str]:
    """What a record holds that an invariant could have been broken on."""
    seen: Counter[str] = Counter()
    seen["stages decided"] = len(record.of("decision_issued"))
    for row in record.of("decision_issued"):
        for team in row.body["teams"]:
            seen[f"teams: {team['status']}"] += 1
        seen["places left empty by a decision"] += row.body["vacancies"]
    for row in record.of("independence_found"):
        seen[f"gate: {row.body['result']}"] += 1
    for row in record.of("confirmation"):
        is_early = row.body["event"]["early"]
        seen["decisions final early" if is_early else "decisions final in time"] += 1
    seen["exceptions to frozen rules"] = len(record.of("rules_exception"))
    seen["objections"] = len(record.of("objection_filed"))
    for kind, whats in _COUNTED.items():
        for entry in record.entries(kind):
            if entry.what in whats:
                seen[whats[entry.what]] += 1
    for entry in record.entries("call"):
        if entry.what == "decided" and entry.event["votes"]:
            chosen = "selects" if entry.event["selected"] else "selects nobody"
            seen[f"a revival call {chosen}"] += 1
    return seen


_COUNTED = {
    "gpu_book": {
        "allocation_adopted": "allocations",
        "equal_time_granted": "deadlines set for equal time",
    },
    "gpu_pool": {"incident_compensated": "incidents made up for"},
    "talent_grant": {"grant_awarded": "grants", "grant_paid": "payments of grants"},
    "vacancy": {"filled": "places filled", "left_empty": "stages with places left"},
    "withdrawal": {"withdrawn": "teams that left of their own accord"},
    "consultation": {"adopted": "changes adopted", "dropped": "changes dropped"},
}


def _to_its_end(story: Story, seed: int, found: Simulated) -> Record:
    """The record at the end, or where it was first broken."""
    luck = story.office.luck
    record = Record(())
    for step in tell(story):
        if luck.random() < MEDDLING:
            MISCHIEF[luck.choice(sorted(MISCHIEF))](story)
        record = story.office.reader.read()
        found.looks += 1
        broken = [
            f"seed {seed}, after {step}: invariant {number}: {said}"
            for number, check in INVARIANTS.items()
            for said in check(record)
        ]
        if broken:
            found.violations += broken
            break
    return record
