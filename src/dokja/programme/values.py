"""The rulebook as frozen values: what was decided before anyone handed in."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

from dokja.evidence.values import CheckResult, Text
from dokja.programme.call_rules import CallRules
from dokja.programme.dossier_rules import ItemSet, OnFail, OpinionRule
from dokja.programme.final_rule import FinalRule
from dokja.programme.index_rules import IndexRules, ReferenceSetPolicy
from dokja.programme.interest_rules import InterestRules, PanelRules
from dokja.programme.support_rules import SupportRules


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every entry of a rulebook: unknown keys are errors."""


class Topic(StrEnum):
    """What a clause governs. One policy of the rulebook answers to each."""

    INDEPENDENCE = "independence"
    SUBMISSION = "submission"
    FREEZE = "freeze"
    SCORING = "scoring"
    INDICES = "indices"
    TARGET = "target"
    ROUNDING = "rounding"
    TOLERANCE = "tolerance"
    CONFLICTS = "conflicts"
    RANK_CUT = "rank_cut"
    TIES = "ties"
    FLOOR = "floor"
    GATES = "gates"
    REPLY = "reply"
    WITHDRAWAL = "withdrawal"
    VACANCY = "vacancy"
    REVIVAL = "revival"
    OBJECTION = "objection"
    DISCLOSURE = "disclosure"
    SENSITIVITY = "sensitivity"
    PANEL = "panel"
    CALL = "call"
    SUPPORT = "support"
    DATA = "data"
    MONEY = "money"
    FINAL = "final"


class Clause(Rule, frozen=True, kw_only=True):
    """One numbered clause; decisions cite it by number."""

    number: str
    title: Text
    text: Text
    governs: tuple[Topic, ...] = ()
    published: bool
    """Whether the organiser published this; otherwise it is our reading."""
    source: str = ""


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One reason with the clauses it cites."""

    clauses: tuple[str, ...]
    text: Text


class Measure(StrEnum):
    """How a component's raw result becomes a share of its points."""

    SUITE_MEAN = "suite_mean"
    TARGET_ATTAINMENT = "target_attainment"
    PANEL_MEAN = "panel_mean"
    BALLOT_MEAN = "ballot_mean"


class Component(Rule, frozen=True, kw_only=True):
    """A part of a category with points of its own."""

    id: str
    name: Text
    points: Decimal
    measure: Measure
    cap: Decimal = Decimal(1)
    """Upper end of the share; only attainment can reach past 1."""


class Category(Rule, frozen=True, kw_only=True):
    """A category of the score, such as benchmark, expert, user."""

    id: str
    name: Text
    points: Decimal
    components: tuple[Component, ...]


class IndexPart(Rule, frozen=True, kw_only=True):
    """The share of a component's points that counts towards an index."""

    component: str
    share: Decimal


class Index(Rule, frozen=True, kw_only=True):
    """An index: 100 times points won over points possible, of its parts."""

    id: str
    name: Text
    parts: tuple[IndexPart, ...]


class ReferenceView(StrEnum):
    """Which reference models a target is held against."""

    DECLARED_TARGET = "declared_target"
    BEST_OPEN = "best_open"
    BEST_OVERALL = "best_overall"


class Target(Rule, frozen=True, kw_only=True):
    """The moving target."""

    attainment: Decimal
    window_months: int
    reset: str
    chosen_by: str
    """Who picks the reference set: `team` or `office`."""
    official_view: ReferenceView
    shown_views: tuple[ReferenceView, ...]


class LowConfidence(StrEnum):
    """What happens when the data do not settle who is outside the cut."""

    DECIDE = "decide"
    UNDECIDED = "undecided"
    TIE_BREAK = "tie_break"


class TieBreak(StrEnum):
    """What decides among the teams the data leave open at the cut.

    The first two settle it from what is there; the others name what is to be
    gathered, and until then nothing is decided.
    """

    TOTAL = "total"
    CATEGORY_ORDER = "category_order"
    MORE_ITEMS = "more_items"
    MORE_VOTES = "more_votes"
    SECOND_PANEL = "second_panel"


class RankCut(Rule, frozen=True, kw_only=True):
    """How many teams stay by total."""

    stage: str
    keep: int
    confidence: Decimal
    """Probability from which the data settle who is outside."""
    on_low_confidence: LowConfidence
    draws: int
    # Absent, not None: rules frozen before the option existed keep their digest.
    tie_break: TieBreak | msgspec.UnsetType = msgspec.UNSET
    """What decides where `on_low_confidence` is `tie_break`."""


class FullTie(StrEnum):
    """What happens when the tie-breaks are equal too."""

    UNDECIDED = "undecided"
    ALL_ADVANCE = "all_advance"


class Ties(Rule, frozen=True, kw_only=True):
    """How equal totals at the cut are broken: by these categories in order."""

    order: tuple[str, ...]
    on_full_tie: FullTie


class Floor(Rule, frozen=True, kw_only=True):
    """Least total that may advance; None says that there is no floor."""

    minimum_total: Decimal | None = None


class Undetermined(StrEnum):
    """What a gate does where the evidence decides nothing."""

    STAYS_WITH_NOTE = "stays_with_note"
    UNDECIDED = "undecided"


class Requirement(Rule, frozen=True, kw_only=True):
    """A check an aspect rests on, and the results that satisfy it."""

    check: str
    accept: tuple[CheckResult, ...]
    # Absent where not said, here and below: rules frozen before keep their digest.
    on_fail: OnFail | msgspec.UnsetType = msgspec.UNSET
    """What its failure does to the aspect; absent, what the item says itself."""


class AspectRule(Rule, frozen=True, kw_only=True):
    """One aspect of the gate, such as technical, policy, ethical."""

    id: str
    name: Text
    requires: tuple[Requirement, ...]
    clauses: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    """Clauses a finding on the aspect cites; absent, those on independence."""


class Gate(Rule, frozen=True, kw_only=True):
    """A gate removes; it never adds points."""

    id: str
    name: Text
    aspects: tuple[AspectRule, ...]
    on_undetermined: Undetermined
    dossier: ItemSet | msgspec.UnsetType = msgspec.UNSET
    """The items that its checks name; absent, the checks of the first rulebooks."""
    opinion: OpinionRule | msgspec.UnsetType = msgspec.UNSET
    """When experts' votes on an aspect count; absent where nobody is asked."""
    points: Decimal = Decimal(0)
    """Always 0. The key exists so that its misuse gets a clear error."""


class Reply(Rule, frozen=True, kw_only=True):
    """Right to reply: no adverse finding before an answer or the deadline."""

    days: int


class Withdrawal(StrEnum):
    """What a withdrawal before the decision does to the cut."""

    COUNTS_AS_ELIMINATION = "counts_as_elimination"
    LEAVES_CUT_UNCHANGED = "leaves_cut_unchanged"


class WithdrawalRule(Rule, frozen=True, kw_only=True):
    """Withdrawal is without prejudice; this says what it does to the cut."""

    effect: Withdrawal


class VacancyPolicy(StrEnum):
    """What happens to a planned place that stays empty."""

    REVIVAL_CALL = "revival_call"
    LEFT_EMPTY = "left_empty"


class Vacancy(Rule, frozen=True, kw_only=True):
    """Policy for places planned but not filled."""

    policy: VacancyPolicy


class Revival(Rule, frozen=True, kw_only=True):
    """The extra call that fills a vacancy."""

    open_to: str
    quorum: str
    may_select_none: bool
    opens: str


class Objection(Rule, frozen=True, kw_only=True):
    """The window in which a decision can be objected to."""

    days: int
    early_closure: bool
    """Whether it closes early once every team has declared not to object."""


class Audience(StrEnum):
    """Who sees a kind of record."""

    PUBLIC = "public"
    OWN_TEAM = "own_team"
    AUDITOR = "auditor"


class Disclosure(Rule, frozen=True, kw_only=True):
    """Who sees one kind of record."""

    record: str
    audience: Audience


class Rounding(Rule, frozen=True, kw_only=True):
    """The one rounding rule: component points, half up, summed as rounded."""

    component_places: int
    shown_places: int
    mode: str


class Tolerance(Rule, frozen=True, kw_only=True):
    """How far re-derived floating figures may be from the published ones."""

    statistic_relative: Decimal
    """For statistics of weights, measured on another machine."""
    probability_absolute: Decimal
    """For Monte-Carlo probabilities and interval ends."""


class SensitivityRule(Rule, frozen=True, kw_only=True):
    """How far the order is tried: other weights, and evidence left out."""

    kappa: Decimal
    """Perturbed weights are Dirichlet(kappa times the official shares)."""
    largest_share: Decimal
    """Largest share of a source of evidence that the search may remove."""


class Conflicts(Rule, frozen=True, kw_only=True):
    """What an evaluator's interest in a team leads to."""

    declared_interest: str


class Freeze(Rule, frozen=True, kw_only=True):
    """When the rules can no longer change without a recorded exception."""

    before: str
    exception_needs: tuple[str, ...]


class Rulebook(Rule, frozen=True, kw_only=True):
    """The whole rulebook.

    A policy is None only where the rulebook is silent; `check_rulebook`
    lists every silence that a stage could reach.
    """

    schema: str
    programme: str
    version: str
    name: Text
    note: Text
    clauses: tuple[Clause, ...]
    categories: tuple[Category, ...]
    indices: tuple[Index, ...]
    target: Target | None = None
    rank_cuts: tuple[RankCut, ...] = ()
    ties: Ties | None = None
    floor: Floor | None = None
    gates: tuple[Gate, ...] = ()
    reply: Reply | None = None
    withdrawal: WithdrawalRule | None = None
    vacancy: Vacancy | None = None
    revival: Revival | None = None
    objection: Objection | None = None
    disclosures: tuple[Disclosure, ...] = ()
    rounding: Rounding | None = None
    tolerance: Tolerance | None = None
    conflicts: Conflicts | None = None
    freeze: Freeze | None = None
    sensitivity: SensitivityRule | msgspec.UnsetType = msgspec.UNSET
    """Absent where the rules ask for no such analysis."""
    index_rules: IndexRules | msgspec.UnsetType = msgspec.UNSET
    """How measurements become the indices; absent where nobody agreed on it."""
    reference_sets: tuple[ReferenceSetPolicy, ...] | msgspec.UnsetType = msgspec.UNSET
    """By stage, the models that the moving target is held against."""
    interest_rules: InterestRules | msgspec.UnsetType = msgspec.UNSET
    """Which ties make an interest; absent where only declared ones count."""
    panel_rules: PanelRules | msgspec.UnsetType = msgspec.UNSET
    """How the panel works; absent where the office assigns as it sees fit."""
    call_rules: CallRules | msgspec.UnsetType = msgspec.UNSET
    """How calls are run; absent where the programme has none."""
    support_rules: SupportRules | msgspec.UnsetType = msgspec.UNSET
    """How GPUs are counted and divided; absent where nobody agreed on it."""
    final: FinalRule | msgspec.UnsetType = msgspec.UNSET
    """With how many teams it ends; absent where nobody agreed on it."""

    def clause_numbers(self, topic: Topic) -> tuple[str, ...]:
        """Numbers of the clauses that govern the topic."""
        return tuple(c.number for c in self.clauses if topic in c.governs)

    def rank_cut(self, stage: str) -> RankCut | None:
        """The cut of a stage, None where none was agreed."""
        return next((cut for cut in self.rank_cuts if cut.stage == stage), None)

    def reference_set(self, stage: str) -> ReferenceSetPolicy | None:
        """The reference set of a stage, None where none was agreed."""
        policies = self.reference_sets or ()
        return next((each for each in policies if each.stage == stage), None)

    def components(self) -> tuple[Component, ...]:
        """Every component, category by category."""
        return tuple(part for c in self.categories for part in c.components)
