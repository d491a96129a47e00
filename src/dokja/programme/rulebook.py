"""Reading a rulebook: every mistake is named with the clause it concerns."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.programme.call_checks import call_rule_problems
from dokja.programme.dossier_checks import dossier_problems
from dokja.programme.index_checks import (
    index_rule_problems,
    reference_set_problems,
)
from dokja.programme.interest_checks import (
    interest_rule_problems,
    panel_rule_problems,
)
from dokja.programme.support_checks import support_rule_problems
from dokja.programme.values import (
    Gate,
    LowConfidence,
    Measure,
    RankCut,
    Rulebook,
    TieBreak,
    Topic,
)

SCHEMA = "dokja-rulebook/1"
TOTAL_POINTS = Decimal(100)

_POLICIES: dict[Topic, tuple[str, str]] = {
    Topic.TARGET: ("target", "what the moving target is and who picks it"),
    Topic.RANK_CUT: ("rank_cuts", "how many teams stay by total"),
    Topic.TIES: ("ties", "what breaks equal totals at the cut"),
    Topic.FLOOR: ("floor", "whether there is a least total"),
    Topic.GATES: ("gates", "which gates can remove a team"),
    Topic.REPLY: ("reply", "how long a team has to reply to adverse evidence"),
    Topic.WITHDRAWAL: ("withdrawal", "what a withdrawal does to the cut"),
    Topic.VACANCY: ("vacancy", "what happens to a place that stays empty"),
    Topic.OBJECTION: ("objection", "how long a decision can be objected to"),
    Topic.DISCLOSURE: ("disclosures", "who sees which record"),
    Topic.ROUNDING: ("rounding", "how points are rounded"),
    Topic.TOLERANCE: ("tolerance", "how far re-derived figures may differ"),
    Topic.CONFLICTS: ("conflicts", "what an evaluator's interest leads to"),
    Topic.FREEZE: ("freeze", "when the rules can no longer change"),
}

_OTHER_TABLES = {
    "categories": Topic.SCORING,
    "indices": Topic.INDICES,
    "index_rules": Topic.INDICES,
    "reference_sets": Topic.TARGET,
    "sensitivity": Topic.SENSITIVITY,
    "interest_rules": Topic.CONFLICTS,
    "panel_rules": Topic.PANEL,
    "call_rules": Topic.CALL,
    "support_rules": Topic.SUPPORT,
    "final": Topic.FINAL,
}
"""What governs a table that may be absent or that other checks ask for."""

_OPTIONAL = {
    Topic.SENSITIVITY: "sensitivity",
    Topic.PANEL: "panel_rules",
    Topic.CALL: "call_rules",
    Topic.SUPPORT: "support_rules",
    Topic.DATA: "support_rules",
    Topic.MONEY: "support_rules",
    Topic.FINAL: "final",
}
"""Topics that need a clause only where the rulebook has their table."""


class ReadRulebook(Protocol):
    """A way to read a rulebook, checked or as it stands."""

    def __call__(self, text: str, *, where: str) -> Rulebook:
        """The rulebook in `text`. Raises: InvalidInput."""
        ...


def parse_rulebook(text: str, *, where: str) -> Rulebook:
    """The rulebook in `text`, checked.

    Raises: InvalidInput with every mistake found, each naming its clause.
    """
    rulebook = read_rulebook(text, where=where)
    problems = check_rulebook(rulebook)
    if problems:
        raise InvalidInput(
            f"{where} cannot run a stage:\n" + "\n".join(f"  - {p}" for p in problems),
            remedy="correct each line above; `dokja programme check` shows them again",
        )
    return rulebook


def read_rulebook(text: str, *, where: str) -> Rulebook:
    """The rulebook in `text` as it stands, with whatever it leaves open.

    Raises: InvalidInput where it is no rulebook or has a key nobody knows.
    """
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(
            f"{where} is not TOML: {error}", remedy="correct the line it names"
        ) from error
    try:
        return msgspec.convert(document, Rulebook)
    except msgspec.ValidationError as error:
        raise _unreadable(document, str(error), where) from error


def rules_digest(rulebook: Rulebook) -> str:
    """Digest that every result names; comments and spacing do not enter it."""
    return digest_of(rulebook)


def check_rulebook(rulebook: Rulebook) -> tuple[str, ...]:
    """Every reason why this rulebook could leave a stage without a rule."""
    return (
        *_clause_problems(rulebook),
        *_weight_problems(rulebook),
        *_index_problems(rulebook),
        *_policy_problems(rulebook),
        *_gate_problems(rulebook),
        *_cut_problems(rulebook),
        *_sensitivity_problems(rulebook),
        *_measured_problems(rulebook),
        *_people_problems(rulebook),
        *_call_problems(rulebook),
        *_support_problems(rulebook),
        *_final_problems(rulebook),
    )


def _clause_problems(rulebook: Rulebook) -> Iterator[str]:
    if rulebook.schema != SCHEMA:
        yield f"schema is {rulebook.schema!r}; this program reads {SCHEMA!r}"
    for number, count in Counter(c.number for c in rulebook.clauses).items():
        if count > 1:
            yield f"clause {number} stands {count} times"
    for clause in rulebook.clauses:
        for text in (clause.title, clause.text):
            if not text.ko.strip() or not text.en.strip():
                yield f"clause {clause.number} lacks its Korean or English text"
        if clause.published and not clause.source:
            yield f"clause {clause.number} says it was published but names no source"


def _weight_problems(rulebook: Rulebook) -> Iterator[str]:
    scoring = _named(rulebook, Topic.SCORING)
    total = sum((c.points for c in rulebook.categories), Decimal(0))
    if total != TOTAL_POINTS:
        yield f"{scoring}: category points sum to {total}, not {TOTAL_POINTS}"
    ids = [part.id for part in rulebook.components()]
    for component, count in Counter(ids).items():
        if count > 1:
            yield f"{scoring}: component {component} stands {count} times"
    for category in rulebook.categories:
        parts = sum((part.points for part in category.components), Decimal(0))
        if parts != category.points:
            yield (
                f"{scoring}: the components of {category.id} sum to {parts}, "
                f"not {category.points}"
            )
        for part in category.components:
            if part.points <= 0:
                yield f"{scoring}: component {part.id} has {part.points} points"
            attains = part.measure is Measure.TARGET_ATTAINMENT
            if part.cap <= 0 or (part.cap != 1 and not attains):
                yield f"{scoring}: component {part.id} has the cap {part.cap}"


def _index_problems(rulebook: Rulebook) -> Iterator[str]:
    known = {part.id for part in rulebook.components()}
    named = _named(rulebook, Topic.INDICES)
    for index in rulebook.indices:
        if not index.parts:
            yield f"{named}: index {index.id} has no parts"
        for part in index.parts:
            if part.component not in known:
                yield f"{named}: index {index.id} names no component {part.component}"
            if not 0 < part.share <= 1:
                yield f"{named}: index {index.id} takes {part.share} of a component"
    for component in sorted(known):
        shares = (
            part.share
            for index in rulebook.indices
            for part in index.parts
            if part.component == component
        )
        share = sum(shares, Decimal(0))
        if share > 1:
            yield f"{named}: component {component} counts {share} times in the indices"


def _policy_problems(rulebook: Rulebook) -> Iterator[str]:
    for topic in Topic:
        optional = _OPTIONAL.get(topic)
        unused = optional and getattr(rulebook, optional) is msgspec.UNSET
        if not unused and not rulebook.clause_numbers(topic):
            yield f"no clause governs {topic.value}"
    for topic, (field, question) in _POLICIES.items():
        if not getattr(rulebook, field):
            yield f"{_named(rulebook, topic)}: no [{field}] says {question}"
    needs_revival = rulebook.vacancy and rulebook.vacancy.policy == "revival_call"
    if needs_revival and rulebook.revival is None:
        yield (
            f"{_named(rulebook, Topic.REVIVAL)}: a vacancy leads to a revival call, "
            "but no [revival] says who may apply and who selects"
        )


def _gate_problems(rulebook: Rulebook) -> Iterator[str]:
    named = _named(rulebook, Topic.GATES)
    for gate in rulebook.gates:
        if gate.points != 0:
            yield (
                f"{named}: gate {gate.id} would change the total by {gate.points} "
                "points; a gate can only remove"
            )
        yield from _aspect_problems(gate, named)
        clauses = frozenset(clause.number for clause in rulebook.clauses)
        for problem in dossier_problems(gate, clauses):
            yield f"{named}: {problem}"


def _aspect_problems(gate: Gate, named: str) -> Iterator[str]:
    if not gate.aspects:
        yield f"{named}: gate {gate.id} has no aspect"
    for aspect in gate.aspects:
        if not aspect.requires:
            yield f"{named}: aspect {aspect.id} requires no check, so it always passes"
        for requirement in aspect.requires:
            if not requirement.accept or "fail" in requirement.accept:
                yield (
                    f"{named}: {aspect.id} must say which results of "
                    f"{requirement.check} it accepts, and never `fail`"
                )


def _cut_problems(rulebook: Rulebook) -> Iterator[str]:
    named = _named(rulebook, Topic.RANK_CUT)
    for stage, count in Counter(cut.stage for cut in rulebook.rank_cuts).items():
        if count > 1:
            yield f"{named}: stage {stage} has {count} rank cuts"
    for cut in rulebook.rank_cuts:
        if cut.keep < 1 or cut.draws < 1 or not 0 < cut.confidence <= 1:
            yield f"{named}: the cut of {cut.stage} keeps {cut.keep} teams"
        yield from _tie_break_problems(rulebook, cut, named)
    categories = {c.id for c in rulebook.categories}
    for category in rulebook.ties.order if rulebook.ties else ():
        if category not in categories:
            yield f"{_named(rulebook, Topic.TIES)}: no category {category} breaks ties"
    if rulebook.rounding and rulebook.rounding.mode != "half_up":
        yield (
            f"{_named(rulebook, Topic.ROUNDING)}: rounding mode is "
            f"{rulebook.rounding.mode!r}; this program rounds half_up"
        )


def _tie_break_problems(rulebook: Rulebook, cut: RankCut, named: str) -> Iterator[str]:
    asked = cut.on_low_confidence is LowConfidence.TIE_BREAK
    if asked and cut.tie_break is msgspec.UNSET:
        yield (
            f"{named}: where the data do not settle {cut.stage} a tie-break decides, "
            "and no tie_break names it"
        )
    if not asked and cut.tie_break is not msgspec.UNSET:
        yield (
            f"{named}: the tie_break of {cut.stage} would never apply; set "
            'on_low_confidence to "tie_break"'
        )
    if asked and cut.confidence <= Decimal("0.5"):
        yield f"{named}: {cut.confidence} is no certainty that a team is outside"
    by_category = cut.tie_break is TieBreak.CATEGORY_ORDER
    if by_category and not (rulebook.ties and rulebook.ties.order):
        yield f"{named}: the tie_break of {cut.stage} needs an order in [ties]"


def _sensitivity_problems(rulebook: Rulebook) -> Iterator[str]:
    rule = rulebook.sensitivity
    if rule is msgspec.UNSET:
        return
    named = _named(rulebook, Topic.SENSITIVITY)
    if rule.kappa <= 0:
        yield f"{named}: weights cannot be perturbed with kappa {rule.kappa}"
    if not 0 < rule.largest_share < 1:
        yield f"{named}: the search cannot remove {rule.largest_share} of a source"


def _measured_problems(rulebook: Rulebook) -> Iterator[str]:
    if rulebook.index_rules is not msgspec.UNSET:
        named = _named(rulebook, Topic.INDICES)
        for problem in index_rule_problems(rulebook.index_rules):
            yield f"{named}: {problem}"
    if rulebook.reference_sets is not msgspec.UNSET:
        named = _named(rulebook, Topic.TARGET)
        for problem in reference_set_problems(rulebook.reference_sets, rulebook.target):
            yield f"{named}: {problem}"


def _people_problems(rulebook: Rulebook) -> Iterator[str]:
    if rulebook.interest_rules is not msgspec.UNSET:
        named = _named(rulebook, Topic.CONFLICTS)
        for problem in interest_rule_problems(rulebook.interest_rules):
            yield f"{named}: {problem}"
    if rulebook.panel_rules is not msgspec.UNSET:
        named = _named(rulebook, Topic.PANEL)
        for problem in panel_rule_problems(rulebook.panel_rules):
            yield f"{named}: {problem}"


def _call_problems(rulebook: Rulebook) -> Iterator[str]:
    if rulebook.call_rules is not msgspec.UNSET:
        named = _named(rulebook, Topic.CALL)
        for problem in call_rule_problems(rulebook.call_rules):
            yield f"{named}: {problem}"


def _support_problems(rulebook: Rulebook) -> Iterator[str]:
    if rulebook.support_rules is not msgspec.UNSET:
        named = _named(rulebook, Topic.SUPPORT)
        for problem in support_rule_problems(rulebook.support_rules):
            yield f"{named}: {problem}"


def _final_problems(rulebook: Rulebook) -> Iterator[str]:
    rule = rulebook.final or None
    if rule is not None and rule.teams < 1:
        yield f"{_named(rulebook, Topic.FINAL)}: it ends with {rule.teams} teams"


def _named(rulebook: Rulebook, topic: Topic) -> str:
    numbers = rulebook.clause_numbers(topic)
    return f"clause {', '.join(numbers)}" if numbers else f"no clause ({topic.value})"


def _unreadable(document: dict[str, object], message: str, where: str) -> InvalidInput:
    """The reader's error with the clause that governs the entry it names."""
    fact, _, path = message.partition(" - at ")
    path = path.strip("`$.")
    table = path.partition("[")[0].partition(".")[0]
    topic = next((t for t, (field, _) in _POLICIES.items() if field == table), None)
    topic = topic or _OTHER_TABLES.get(table)
    numbers = _governing(document, topic) if topic else ""
    place = f" in {path}" if path else ""
    return InvalidInput(
        f"{where}: {fact}{place}{numbers}",
        remedy="correct the entry; keys this program does not know are refused, "
        "because a misspelt rule would silently not apply",
    )


def _governing(document: dict[str, object], topic: Topic) -> str:
    clauses = document.get("clauses")
    numbers = [
        str(clause.get("number"))
        for clause in (clauses if isinstance(clauses, list) else [])
        if isinstance(clause, dict) and topic.value in clause.get("governs", [])
    ]
    return f" (clause {', '.join(numbers)})" if numbers else ""
