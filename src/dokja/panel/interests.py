"""The graph of interests: which ties lead from an expert to a team."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.canonical import digest_of
from dokja.panel.path_words import DECLARED_ONLY, NO_TIE, path_words
from dokja.panel.values import (
    Assignment,
    Interest,
    InterestRegister,
    Interests,
    Recusal,
    RecusalBasis,
    Tie,
)
from dokja.programme.interest_rules import (
    InterestLevel,
    InterestRules,
    TieKind,
)

Steps = Mapping[str, Sequence[tuple[str, Tie]]]

PERSON, ORGANISATION, TEAM = "person", "organisation", "team"

_ENDS: Mapping[TieKind, tuple[frozenset[str], frozenset[str]]] = {
    TieKind.EMPLOYMENT: (frozenset({PERSON}), frozenset({ORGANISATION, TEAM})),
    TieKind.ADVICE: (frozenset({PERSON}), frozenset({ORGANISATION, TEAM})),
    TieKind.HOLDING: (frozenset({PERSON}), frozenset({ORGANISATION})),
    TieKind.FAMILY: (frozenset({PERSON}), frozenset({PERSON})),
    TieKind.COAUTHORSHIP: (frozenset({PERSON}), frozenset({PERSON})),
    TieKind.OWNERSHIP: (frozenset({ORGANISATION}), frozenset({ORGANISATION})),
    TieKind.CONSORTIUM: (frozenset({ORGANISATION}), frozenset({TEAM})),
    TieKind.SUPPLY: (frozenset({ORGANISATION}), frozenset({ORGANISATION, TEAM})),
    TieKind.DATA_DEAL: (frozenset({ORGANISATION}), frozenset({ORGANISATION, TEAM})),
}
"""What may stand left and right of a tie."""


def find_interests(
    register: InterestRegister, rules: InterestRules, *, on: date
) -> Interests:
    """Conflict, possible or none for every expert and team, with its path.

    Of several paths the graver counts, of equally grave ones the shorter, so
    the order of the register changes nothing. A tie that is known to begin
    later counts already: who has signed has an interest.

    Raises: InvalidInput with every entry that names nobody or breaks its kind.
    """
    _check_register(register, rules)
    declared = {(d.expert, d.team) for d in register.declarations}
    grave = _steps(register, rules, on, {InterestLevel.CONFLICT})
    every = _steps(register, rules, on, {*InterestLevel} - {InterestLevel.NONE})
    teams = frozenset(register.teams)
    found = []
    for expert in sorted(register.experts):
        conflicts = _paths(grave, expert, teams, rules.longest_path)
        possible = _paths(every, expert, teams, rules.longest_path)
        for team in sorted(teams):
            path = conflicts.get(team) or possible.get(team, ())
            level = (
                InterestLevel.CONFLICT
                if team in conflicts
                else InterestLevel.POSSIBLE
                if path
                else InterestLevel.NONE
            )
            is_declared = (expert, team) in declared
            found.append(_interest((expert, team), level, path, declared=is_declared))
    return Interests(
        computed_from=_digest(register, rules, on), on=on, found=tuple(found)
    )


def require_current(
    interests: Interests, register: InterestRegister, rules: InterestRules
) -> None:
    """Nothing. Raises: NotAllowed where register or rules changed since."""
    if interests.computed_from != _digest(register, rules, interests.on):
        raise NotAllowed(
            "the interests were computed before the register or its rules changed",
            remedy="compute the interests again, then recusals and assignment",
        )


def require_current_assignment(assignment: Assignment, interests: Interests) -> None:
    """Nothing. Raises: NotAllowed where it was made under other interests."""
    if assignment.shortfalls:
        raise NotAllowed(
            "the assignment leaves needs unmet, so nobody is assigned",
            remedy="appoint the experts that its shortfalls name and assign again",
        )
    if assignment.computed_from != interests.computed_from:
        raise NotAllowed(
            f"the assignment was made under the interests {assignment.computed_from}; "
            f"those of the register, the rules and the day are now "
            f"{interests.computed_from}",
            remedy="run `dokja panel assign` again after the last change",
        )


def changed_interests(before: Interests, after: Interests) -> tuple[Interest, ...]:
    """The pairs of `after` that are new, or stand otherwise than in `before`."""
    known = {(one.expert, one.team): one for one in before.found}
    return tuple(one for one in after.found if known.get((one.expert, one.team)) != one)


def computed_recusals(interests: Interests) -> tuple[Recusal, ...]:
    """The pairs that a conflict keeps apart, as they may be published."""
    return tuple(
        Recusal(
            expert=one.expert,
            team=one.team,
            basis=_basis(one),
            reason=one.reason,
        )
        for one in interests.found
        if one.level is InterestLevel.CONFLICT
    )


def lasts_until(tie: Tie, cooling_months: int) -> date | None:
    """Last day on which the tie counts; None while it has no end."""
    if tie.until is None:
        return None
    months = tie.until.year * 12 + tie.until.month - 1 + cooling_months
    year, month = divmod(months, 12)
    if year > date.max.year:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(tie.until.day, last))


def _interest(
    pair: tuple[str, str],
    computed: InterestLevel,
    path: tuple[Tie, ...],
    *,
    declared: bool,
) -> Interest:
    reason = path_words(path) if path else DECLARED_ONLY if declared else NO_TIE
    return Interest(
        expert=pair[0],
        team=pair[1],
        level=InterestLevel.CONFLICT if declared else computed,
        declared=declared,
        computed=computed,
        path=path,
        reason=reason,
    )


def _basis(one: Interest) -> RecusalBasis:
    if one.computed is not InterestLevel.CONFLICT:
        return RecusalBasis.DECLARED
    if one.declared:
        return RecusalBasis.DECLARED_AND_COMPUTED
    return RecusalBasis.COMPUTED


def _digest(register: InterestRegister, rules: InterestRules, on: date) -> str:
    """Digest in which the order of the register does not matter."""
    return digest_of(
        {
            "register": {
                name: sorted(getattr(register, name), key=digest_of)
                for name in register.__struct_fields__
            },
            "ties": sorted(rules.ties, key=digest_of),
            "longest_path": rules.longest_path,
            "on": on,
        }
    )


def _steps(
    register: InterestRegister,
    rules: InterestRules,
    on: date,
    levels: set[InterestLevel],
) -> Steps:
    """From each node, where ties of these levels lead, in one fixed order.

    Never from an organisation to its people: that a colleague once worked
    elsewhere is no interest of the expert's.
    """
    kinds = {rule.kind: rule for rule in rules.ties}
    steps: dict[str, list[tuple[str, Tie]]] = {}
    for tie in register.ties:
        rule = kinds[tie.kind]
        last = lasts_until(tie, rule.cooling_months)
        if rule.level not in levels or (last is not None and last < on):
            continue
        steps.setdefault(tie.left, []).append((tie.right, tie))
        if tie.kind in _BOTH_WAYS and tie.right not in register.teams:
            steps.setdefault(tie.right, []).append((tie.left, tie))
    return {node: sorted(found, key=_order) for node, found in steps.items()}


_BOTH_WAYS = frozenset(
    {
        TieKind.FAMILY,
        TieKind.COAUTHORSHIP,
        TieKind.OWNERSHIP,
        TieKind.SUPPLY,
        TieKind.DATA_DEAL,
    }
)


def _order(step: tuple[str, Tie]) -> tuple[str, str, bool, int, str]:
    """One order among ties: those that last before those that end, latest first."""
    to, tie = step
    ends = 0 if tie.until is None else -tie.until.toordinal()
    return to, tie.kind, tie.until is not None, ends, digest_of(tie)


def _paths(
    steps: Steps, expert: str, teams: frozenset[str], longest: int
) -> dict[str, tuple[Tie, ...]]:
    """Shortest path to every team that is reached; none leads through a team."""
    paths: dict[str, tuple[Tie, ...]] = {expert: ()}
    front = [expert]
    for _ in range(longest):
        reached = []
        for node in front:
            for to, tie in steps.get(node, ()):
                if to not in paths:
                    paths[to] = (*paths[node], tie)
                    if to not in teams:
                        reached.append(to)
        front = reached
    return {node: path for node, path in paths.items() if node in teams}


def _check_register(register: InterestRegister, rules: InterestRules) -> None:
    problems = (*_name_problems(register), *_tie_problems(register, rules))
    if problems:
        raise InvalidInput(
            "the register of interests:\n" + "\n".join(f"  - {p}" for p in problems),
            remedy="correct the entries named above; nothing was computed",
        )


def _name_problems(register: InterestRegister) -> Iterator[str]:
    names = (
        *register.experts,
        *register.people,
        *register.organisations,
        *register.teams,
    )
    for name, count in sorted(Counter(names).items()):
        if count > 1:
            yield f"{name} stands {count} times; one name is one person or body"
    for one in register.declarations:
        if one.expert not in register.experts or one.team not in register.teams:
            yield f"declaration of {one.expert} on {one.team}: no such expert or team"


def _tie_problems(register: InterestRegister, rules: InterestRules) -> Iterator[str]:
    kinds = dict.fromkeys((*register.experts, *register.people), PERSON)
    kinds |= dict.fromkeys(register.organisations, ORGANISATION)
    kinds |= dict.fromkeys(register.teams, TEAM)
    ruled = Counter(rule.kind for rule in rules.ties)
    if rules.longest_path < 1:
        yield "the rules admit no path at all"
    for rule in rules.ties:
        if ruled[rule.kind] > 1 or rule.cooling_months < 0:
            yield f"rule of {rule.kind}: given twice, or a cooling-off below 0 months"
    for tie in register.ties:
        name = f"{tie.kind} of {tie.left} and {tie.right}"
        lefts, rights = _ENDS[tie.kind]
        if kinds.get(tie.left) not in lefts or kinds.get(tie.right) not in rights:
            yield (
                f"{name}: must lead from a {' or '.join(sorted(lefts))} to a "
                f"{' or '.join(sorted(rights))} of the register"
            )
        if tie.kind not in ruled:
            yield f"{name}: no rule says what {tie.kind} amounts to"
        if not tie.source.strip():
            yield f"{name}: names no source"
        if tie.since and tie.until and tie.until < tie.since:
            yield f"{name}: ends before it begins"
