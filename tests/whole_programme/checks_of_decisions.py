"""What decisions and calls must never show: invariants 4, 5, 6, 7 and 10."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from tests.whole_programme.rows import Body, Entry, Record, Row

ANSWERED = ("not_admitted", "upheld", "dismissed")
STATUSES = (
    "advances",
    "eliminated_by_rank",
    "eliminated_by_gate",
    "withdrawn",
    "undecided",
)


def invariant_04_nobody_is_found_against_unheard(record: Record) -> Iterator[str]:
    """No adverse finding before the reply, or before the time for it is over."""
    for stage in record.stages():
        plan = record.of("rules_frozen", stage)[0].body["plan"]
        rules = rules_of(record, stage)
        asked = datetime.fromisoformat(plan["schedule"]["reply_requested"])
        until = asked + timedelta(days=rules["reply"]["days"])
        replies = (record.one("replies_closed", stage) or {"replies": ()})["replies"]
        heard = {
            reply["team"]
            for reply in replies
            if datetime.fromisoformat(reply["at"]) <= until
        }
        for row in record.of("independence_found", stage):
            is_early = row.moment <= until and row.body["team"] not in heard
            if row.body["result"] == "fail" and is_early:
                yield f"{stage}: {row.body['team']} failed the gate unheard"
    asked_until: dict[str, datetime] = {}
    replied: set[str] = set()
    for entry in record.entries("application"):
        if entry.what == "reply_asked":
            asked_until[entry.matter] = datetime.fromisoformat(entry.event["until"])
        if entry.what == "replied":
            replied.add(entry.matter)
        if entry.what == "eligibility" and entry.event["outcome"] == "ineligible":
            due = asked_until.get(entry.matter)
            is_over = due is not None and entry.row.moment >= due
            if entry.matter not in replied and not is_over:
                yield f"{entry.matter} was found ineligible unheard"


def invariant_05_every_team_has_one_status_and_goes_one_way(
    record: Record,
) -> Iterator[str]:
    """A decision names each active team once; who goes on is who takes part next."""
    stages = record.stages()
    for stage in stages:
        plan = record.of("rules_frozen", stage)[0].body["plan"]
        decision = record.one("decision_issued", stage)
        if decision is None:
            continue
        named = [team["team"] for team in decision["teams"]]
        if sorted(named) != sorted(plan["teams"]):
            yield f"{stage}: decided on {sorted(named)}, taking part {plan['teams']}"
        for team in decision["teams"]:
            if team["status"] not in STATUSES:
                yield f"{stage}: {team['team']} is {team['status']}"
            left = team["team"] in _left_stage(record, stage)
            if left != (team["status"] == "withdrawn"):
                yield f"{stage}: {team['team']} is {team['status']}, left: {left}"
    for before, stage in zip((None, *stages), stages, strict=False):
        frozen = record.of("rules_frozen", stage)[0]
        expected = _next_teams(record, before, frozen)
        taking_part = set(frozen.body["plan"]["teams"])
        if taking_part != expected:
            yield f"{stage} has {sorted(taking_part)}, not {sorted(expected)}"
    yield from _named_problems(record)


def invariant_06_places_are_counted_and_called_for_once_final(
    record: Record,
) -> Iterator[str]:
    """Empty places are those planned and not taken; no call before the end."""
    for stage in record.stages():
        decision = record.one("decision_issued", stage)
        if decision is None:
            continue
        planned = _planned(record, stage, decision)
        status = Counter(team["status"] for team in decision["teams"])
        empty = max(planned - status["advances"] - status["undecided"], 0)
        if decision["planned_places"] != planned or decision["vacancies"] != empty:
            yield f"{stage}: {decision['vacancies']} places are empty, not {empty}"
        confirmations = record.of("confirmation", stage)
        for row in confirmations:
            yield from _confirmation_problems(record, row, decision)
        end = confirmations[0].place if confirmations else None
        yield from _place_problems(record, stage, empty, end)
    for entry in record.entries("call"):
        if entry.what == "opened" and entry.event.get("vacancy"):
            yield from _revival_problems(record, entry)


def invariant_07_a_revival_selects_by_more_than_half(record: Record) -> Iterator[str]:
    """Votes of seated experts who may vote, one each; nobody selected is legal."""
    calls: dict[str, dict[str, Body]] = defaultdict(dict)
    chosen: dict[str, set[str]] = defaultdict(set)
    for entry in record.entries("call"):
        known = calls[entry.matter]
        if entry.what in ("drafted", "revised"):
            known["text"] = entry.event["text"]
        if entry.what == "panel" and entry.event["round"] == "presentation":
            known["panel"] = entry.event
        if entry.what == "decided":
            known["decided"] = entry.event
            chosen[entry.matter] |= set(entry.event["selected"])
        if entry.what == "moved_up":
            chosen[entry.matter].add(entry.event["application"])
            chosen[entry.matter].discard(entry.event["instead_of"])
    for name, known in calls.items():
        if len(chosen[name]) > known["text"]["slots"]:
            yield f"{name} selects {chosen[name]} for {known['text']['slots']} places"
        if known["text"]["kind"] == "revival" and "decided" in known:
            yield from _minorities(record, name, known, chosen[name])
    yield from _fillings(record, chosen)


def _fillings(record: Record, chosen: dict[str, set[str]]) -> Iterator[str]:
    for stage in record.stages():
        call = ""
        for entry in record.entries("vacancy", stage):
            if entry.what == "revival_called":
                call = entry.event["call"]
            is_filling = entry.what == "filled"
            if is_filling and entry.event["application"] not in chosen.get(call, ()):
                yield f"{stage}: {entry.event['team']} was selected by no call"


def invariant_10_a_recused_expert_has_no_score(record: Record) -> Iterator[str]:
    """Neither sheet nor vote on what the expert is kept from, in calls and stages."""
    named: dict[tuple[str, str], list[Body]] = {}
    for entry in record.entries("call"):
        if entry.what == "panel":
            key = entry.matter, entry.event["round"]
            named[key] = entry.event["recusals"]
        if entry.what in ("screened", "decided"):
            which = "documents" if entry.what == "screened" else "presentation"
            recusals = named[entry.matter, which]
            votes = entry.event.get("votes", ())
            yield from _scored(entry.matter, entry.event["panel"], recusals, votes)
    for stage in record.stages():
        panel = record.one("panel_closed", stage)
        if panel is not None:
            yield from _scored(stage, panel, panel.get("computed", ()), ())


def rules_of(record: Record, stage: str) -> Body:
    """The rules a stage is decided under."""
    acts = [*record.of("rules_frozen", stage), *record.of("rules_exception", stage)]
    found: Body = acts[-1].body["rulebook"]
    return found


def _scored(
    where: str, panel: Body, recusals: list[Body], votes: Sequence[Body]
) -> Iterator[str]:
    kept_out = {(one["expert"], one["team"]) for one in recusals}
    kept_out |= {(e["id"], team) for e in panel["experts"] for team in e["conflicts"]}
    for sheet in (*panel["sheets"], *panel.get("before", ())):
        if (sheet["expert"], sheet["team"]) in kept_out:
            yield f"{where}: {sheet['expert']} scored {sheet['team']}"
    for vote in votes:
        if (vote["expert"], vote["application"]) in kept_out:
            yield f"{where}: {vote['expert']} voted on {vote['application']}"


def _left_stage(record: Record, stage: str) -> set[str]:
    return {row.subject for row in record.of("team_withdrawn", stage)}


def _next_teams(record: Record, before: str | None, frozen: Row) -> set[str]:
    """Teams of a stage: of the first call, or of the stage before and its call."""
    gone = {
        entry.matter
        for entry in record.entries("withdrawal")
        if entry.row.place < frozen.place
    }
    if before is None:
        chosen = next(e for e in record.entries("call") if e.what == "decided")
        dropped = {
            entry.matter.partition("/")[2]
            for entry in record.entries("application")
            if entry.what == "withdrawn"
            and entry.matter.startswith(f"{chosen.matter}/")
        }
        moved = {
            entry.event["application"]
            for entry in record.entries("call")
            if (entry.matter, entry.what) == (chosen.matter, "moved_up")
        }
        return (set(chosen.event["selected"]) | moved) - dropped - gone
    decision = record.one("decision_issued", before) or {"teams": ()}
    teams = {t["team"] for t in decision["teams"] if t["status"] == "advances"}
    filled = {
        entry.event["team"]
        for entry in record.entries("vacancy", before)
        if entry.what == "filled"
    }
    return (teams | filled) - gone


def _named_problems(record: Record) -> Iterator[str]:
    """Teams that were named for a stage, or left at the end, against their decision."""
    for kind in ("stage_teams", "final_selection"):
        for entry in record.entries(kind):
            event = entry.event
            before = event["after"] if kind == "stage_teams" else event["stage"]
            named = {
                team if isinstance(team, str) else team["team"]
                for team in event["teams"]
            }
            expected = _next_teams(record, before, entry.row)
            if named != expected:
                yield f"{entry.what}: {sorted(named)}, not {sorted(expected)}"
            is_end = len(named) <= rules_of(record, before)["final"]["teams"]
            if is_end != (kind == "final_selection"):
                yield f"{entry.what} with {len(named)} teams"


def _planned(record: Record, stage: str, decision: Body) -> int:
    rules = rules_of(record, stage)
    keep = int(next(c["keep"] for c in rules["rank_cuts"] if c["stage"] == stage))
    gone = sum(team["status"] == "withdrawn" for team in decision["teams"])
    is_unchanged = rules["withdrawal"]["effect"] == "leaves_cut_unchanged"
    return max(keep - gone, 0) if is_unchanged else keep


def _confirmation_problems(record: Record, row: Row, decision: Body) -> Iterator[str]:
    stage, rules = row.stage, rules_of(record, row.stage)
    answers: dict[str, str] = {}
    for entry in record.entries("objection", stage):
        if entry.row.place < row.place:
            answers[entry.matter] = entry.what
    filed = [
        each for each in record.of("objection_filed", stage) if each.place < row.place
    ]
    for each in filed:
        if answers.get(each.subject) not in ANSWERED:
            yield f"{stage}: final while {each.subject} is not answered"
    for each in record.of("objection_filed", stage):
        if each.place > row.place:
            yield f"{stage}: {each.subject} was filed once the decision was final"
    if row.moment.date() > date.fromisoformat(decision["objection_until"]):
        return
    spoken = {each.body["team"] for each in filed}
    spoken |= {
        entry.matter
        for entry in record.entries("objection_waiver", stage)
        if entry.row.place < row.place
    }
    silent = sorted({team["team"] for team in decision["teams"]} - spoken)
    if silent or not rules["objection"]["early_closure"]:
        yield f"{stage}: final early, and {silent} could still object"


def _place_problems(
    record: Record, stage: str, empty: int, end: int | None
) -> Iterator[str]:
    filled = 0
    over = False
    for entry in record.entries("vacancy", stage):
        if end is None or entry.row.place < end:
            yield f"{stage}: places were acted on before the decision was final"
        if over:
            yield f"{stage}: {entry.what} after its places were settled"
        filled += entry.what == "filled"
        over = entry.what == "left_empty" or filled >= empty
    if filled > empty:
        yield f"{stage}: {filled} places were filled and {empty} are empty"


def _revival_problems(record: Record, entry: Entry) -> Iterator[str]:
    vacancy = entry.event["vacancy"]
    ends = record.of("confirmation", vacancy["stage"])
    if (
        not ends
        or ends[0].place > entry.row.place
        or (ends[0].moment > entry.row.moment)
    ):
        yield f"{entry.matter} opened before {vacancy['stage']} was final"
    decision = record.one("decision_issued", vacancy["stage"])
    if decision is None or vacancy["places"] > decision["vacancies"]:
        yield f"{entry.matter} offers more places than are empty"


def _minorities(
    record: Record, call: str, known: dict[str, Body], chosen: set[str]
) -> Iterator[str]:
    seats = {seat["expert"] for seat in known["panel"]["seats"]}
    kept_out = defaultdict(set)
    for one in known["panel"]["recusals"]:
        kept_out[one["team"]].add(one["expert"])
    rules = record.of("rules_frozen")[0].body["rulebook"]["call_rules"]
    for name in sorted(chosen):
        able = seats - kept_out[name]
        favour = {
            vote["expert"]
            for vote in known["decided"]["votes"]
            if vote["application"] == name and vote["in_favour"]
        }
        of = len(seats) if rules["vote_base"] == "whole_panel" else len(able)
        if 2 * len(favour & able) <= of:
            yield f"{call} selects {name} with {len(favour & able)} of {of}"
