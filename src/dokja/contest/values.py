"""User evaluation: ballots of invited users, and contests of blind pairs."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Growing, Text


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole numbers a question can be answered with."""

    min: int
    max: int


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question of the ballot."""

    id: str
    name: Text


class Ballot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One user's answers about one team's model."""

    user: str
    team: str
    answers: dict[str, int]


class BallotBox(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`ballots.json`: every ballot of a stage."""

    synthetic: bool
    note: Text
    scale: Scale
    questions: tuple[Question, ...]
    ballots: tuple[Ballot, ...]


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what follows: unknown keys are errors."""


class ContestKind(StrEnum):
    """Who votes."""

    PUBLIC = "public"
    CITIZEN = "citizen"
    INVITED = "invited"


class Choice(StrEnum):
    """What a voter says of two answers."""

    LEFT = "left"
    RIGHT = "right"
    TIE = "tie"
    BOTH_BAD = "both_bad"


class VoidReason(StrEnum):
    """Why a battle was not judged."""

    SELF_NAMED = "self_named"
    ENDPOINT_DEAD = "endpoint_dead"
    ENDPOINT_SLOW = "endpoint_slow"
    REPORTED = "reported"


class CanaryKind(StrEnum):
    """What a battle checks that is not a comparison of teams."""

    SAME = "same"
    """One answer on both sides."""
    BROKEN = "broken"
    """An answer beside its own words in disorder."""


class Suspicion(StrEnum):
    """What a voter's votes look like more than like the others' votes."""

    FOR_TEAM = "for_team"
    AGAINST_TEAM = "against_team"
    ONE_SIDE = "one_side"
    UNREAD = "unread"
    """Canaries judged as if the answers were not read."""


class EndpointRule(StrEnum):
    """What happens to a battle whose model does not answer in time."""

    VOID = "void"
    """It is voided, counted and shown; the voter goes on with the next one."""
    PREPARED = "prepared"
    """The team's prepared answer to the prompt stands in; without one it is voided."""


class BlockKind(StrEnum):
    """What a part of an answer is, once both answers have one form."""

    PARAGRAPH = "paragraph"
    LIST = "list"
    CODE = "code"


class PacingRule(_Entry, frozen=True, kw_only=True):
    """How answers appear, so that neither a model's speed nor its delay shows."""

    delay_ms: int = 1500
    """Before the first sign, on both sides."""
    tick_ms: int = 50
    characters: int = 8
    """On each side in each tick."""
    longest_ms: int = 20_000
    """After this both sides stand in full: longer answers appear faster, both sides."""


class TeamNames(_Entry, frozen=True, kw_only=True):
    """What gives a team away when an answer says it."""

    team: str
    names: tuple[str, ...]
    """Of its company, its model and their short forms, in either script."""


class ContestRules(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was decided before the first vote."""

    id: str
    name: Text
    kind: ContestKind
    teams: tuple[str, ...]
    names: tuple[TeamNames, ...]
    battles_least: int
    """From so many a voter has done what was asked for."""
    battles_most: int
    """At which a voter is done, canaries and voided battles included."""
    canaries: int
    """Battles of each voter that are canaries, among the first `battles_most`."""
    least_cell: int
    """Voters below which no cell of the published votes stands alone."""
    least_age: int
    screening_level: float
    """Chance that any honest voter at all is left out by the screening."""
    endpoints: EndpointRule
    pacing: PacingRule = PacingRule()


class Prompt(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What both models of a battle are asked."""

    id: str
    field: str
    language: str
    text: str
    image_digest: str = ""
    """Of the picture that goes with the text; empty where there is none."""


class PreparedAnswer(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a team's model said to a prompt, measured once and shown to many."""

    prompt: str
    team: str
    text: str
    model_digest: str
    tokens: int | None
    """As the server counted them; None where it did not."""
    seconds: float
    measured: str
    """ISO 8601 with zone."""


class QuotaCell(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The planned share of one cell of a margin."""

    cell: str
    share: float
    name: Text | None = None
    answers: tuple[str, ...] = ()
    """Those that belong here; empty where the cell is called as its answer is."""


class QuotaMargin(_Entry, frozen=True, kw_only=True):
    """One margin of a citizen panel: its cells and their planned shares."""

    id: str
    name: Text
    cells: tuple[QuotaCell, ...]
    source: str
    """Where the shares are from."""


class QuotaPlan(_Entry, frozen=True, kw_only=True):
    """Who a citizen panel is made of, on margins alone."""

    size: int
    slack: float
    """By which a cell may exceed its planned number, as a share of it."""
    margins: tuple[QuotaMargin, ...]


class ContestPlan(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`contest.toml`: the rules, the prompts and, for citizens, the quotas."""

    schema: str
    synthetic: bool
    note: Text
    rules: ContestRules
    prompts: tuple[Prompt, ...]
    quotas: QuotaPlan | None = None


class ContestOpened(_Entry, frozen=True, kw_only=True):
    """Body of the act that opens a contest; nothing after it changes what it names."""

    rules_digest: str
    prompts_digest: str
    answers_digest: str
    """Of the answers with a salt, so that no one can try public answers on it."""
    commitment: str
    """Digest of the secret that sides and pairs are drawn from."""
    beacon: str


class VoterAdmitted(_Entry, frozen=True, kw_only=True):
    """Body of the act that lets a voter in; the act's subject has the number."""

    voter: str
    """Pseudonym."""
    recused: tuple[str, ...]
    """Teams whose battles this voter is not shown."""


class VoteCast(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of the act of one vote. Pair and sides follow from the seed."""

    voter: str
    choice: Choice
    seconds: int
    """How long it took, in steps of five."""
    reported: bool = False
    """Whether the voter reported an answer; their words stand in no act."""


class ReportReason(StrEnum):
    """What a voter found wrong with a battle; a word, so that nobody is named."""

    NAMES_ITSELF = "names_itself"
    HARMFUL = "harmful"
    UNREADABLE = "unreadable"
    PERSONAL_DATA = "personal_data"
    OTHER = "other"


class BattleVoided(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of the act of a battle that was not judged."""

    voter: str
    reason: VoidReason
    report: str = ""
    """A `ReportReason`, where the voter reported it."""


class ContestUnblinded(_Entry, frozen=True, kw_only=True):
    """Body of the act that reveals the secret, after the screening was decided."""

    secret: str
    salt: str
    """Of `answers_digest`."""
    screening: str
    """Digest of the act of the screening."""


class Battle(_Entry, frozen=True, kw_only=True):
    """One battle of one voter, as the seed has it. Never shown before the end."""

    voter: int
    number: int
    prompt: str
    left: str
    right: str
    canary: CanaryKind | None = None
    broken: Choice | None = None
    """The side whose answer is in disorder."""
