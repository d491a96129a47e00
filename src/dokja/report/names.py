"""From the ids of a record to the names people read, and to anchors."""

from __future__ import annotations

from decimal import Decimal

from dokja.evidence.values import Text
from dokja.stage.values import StageRecord

REFERENCE_PREFIX = "reference:"
FALLBACK_PLACES = 2


class Names:
    """Look-ups over one record; an unknown id is shown as it is."""

    def __init__(self, record: StageRecord) -> None:
        evidence, rulebook = record.evidence, record.evidence.rulebook
        self._teams = {s.manifest.team: s.manifest.name for s in evidence.seals}
        self._references = {r.model.id: r.model.name for r in evidence.references}
        self._suites = {s.header.id: s.header.title for s in evidence.suites}
        self._parts = {c.id: c.name for c in rulebook.components()}
        self._categories = {c.id: c.name for c in rulebook.categories}
        self._indices = {i.id: i.name for i in rulebook.indices}
        self._gates = {g.id: g.name for g in rulebook.gates}
        self._aspects = {a.id: a.name for g in rulebook.gates for a in g.aspects}
        self._team_order = {team: i for i, team in enumerate(evidence.plan.teams)}
        self._anchors = {
            clause.number: f"clause-{position}"
            for position, clause in enumerate(rulebook.clauses, start=1)
        }
        rounding = rulebook.rounding
        self.places: int = rounding.shown_places if rounding else FALLBACK_PLACES
        self.possible: Decimal = sum((c.points for c in rulebook.categories), Decimal())

    def team(self, team: str) -> Text:
        """Name of a team's model, as its manifest gives it."""
        return self._teams.get(team, Text(team, team))

    def team_anchor(self, team: str) -> str:
        """Id of the team's card; a team outside the plan has none of its own."""
        position = self._team_order.get(team)
        return "teams" if position is None else f"team-{position + 1}"

    def gate_anchor(self, team: str) -> str:
        """Id of the team's gate evidence."""
        position = self._team_order.get(team)
        return "gate" if position is None else f"gate-{position + 1}"

    def reference(self, reference: str) -> Text:
        """Name of a reference model."""
        bare = reference.removeprefix(REFERENCE_PREFIX)
        return self._references.get(bare, Text(bare, bare))

    def subject(self, subject: str) -> Text:
        """Name of a team or a reference, whichever the subject is."""
        if subject.startswith(REFERENCE_PREFIX):
            return self.reference(subject)
        return self.team(subject)

    def suite(self, suite: str) -> Text:
        """Title of a suite."""
        return self._suites.get(suite, Text(suite, suite))

    def component(self, component: str) -> Text:
        """Name of a component of the score."""
        return self._parts.get(component, Text(component, component))

    def category(self, category: str) -> Text:
        """Name of a category of the score."""
        return self._categories.get(category, Text(category, category))

    def index(self, index: str) -> Text:
        """Name of an index."""
        return self._indices.get(index, Text(index, index))

    def gate(self, gate: str) -> Text:
        """Name of a gate."""
        return self._gates.get(gate, Text(gate, gate))

    def aspect(self, aspect: str) -> Text:
        """Name of an aspect of a gate."""
        return self._aspects.get(aspect, Text(aspect, aspect))

    def clause_anchor(self, number: str) -> str | None:
        """Id of the clause in the list; None where the rulebook lacks it."""
        return self._anchors.get(number)
