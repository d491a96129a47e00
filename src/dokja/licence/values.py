"""What a licence says, and what follows from it for what is given out."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Text


class Compatibility(StrEnum):
    """Whether something received under one licence may go out under another."""

    COMPATIBLE = "compatible"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    INCOMPATIBLE = "incompatible"


class Handling(StrEnum):
    """What was done with a work between receiving it and giving it out."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"


class Grant(StrEnum):
    """What a licence says about one use."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    NOT_STATED = "not_stated"


class PassedOn(StrEnum):
    """What whoever receives the work from us has to be bound by."""

    NOTHING = "nothing"
    LICENCE_TEXT = "licence_text"
    USE_RESTRICTIONS = "use_restrictions"
    SAME_LICENCE = "same_licence"
    NOT_STATED = "not_stated"


class DutyKind(StrEnum):
    """Something that a licence asks of whoever gives the work out."""

    COPY_OF_LICENCE = "copy_of_licence"
    NOTICE_FILE = "notice_file"
    ATTRIBUTION = "attribution"
    CHANGES_MARKED = "changes_marked"
    SHOWN_PHRASE = "shown_phrase"
    NAME_PREFIX = "name_prefix"
    TERMS_PASSED_ON = "terms_passed_on"
    UNDER_SAME_LICENCE = "under_same_licence"


class LimitKind(StrEnum):
    """A limit of a licence that stays with the work."""

    NO_COMMERCIAL_USE = "no_commercial_use"
    NO_CHANGES = "no_changes"
    NO_OTHER_MODELS = "no_other_models"
    USE_POLICY = "use_policy"
    USER_CAP = "user_cap"
    REVENUE_CAP = "revenue_cap"
    TERRITORY = "territory"
    ENDS_ON_DISPUTE = "ends_on_dispute"
    FOREIGN_LAW = "foreign_law"


class LicenceTerms(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
):
    """One row of our table: the facts of one licence, each with its section."""

    id: str
    name: str
    version: str
    source: str
    seen: str
    """The copy of the text that was read; empty where nobody read it."""
    aliases: tuple[str, ...] = ()
    derivatives: Grant = Grant.NOT_STATED
    commercial: Grant = Grant.NOT_STATED
    improving_other_models: Grant = Grant.NOT_STATED
    passes_on: PassedOn = PassedOn.NOT_STATED
    accepts: tuple[str, ...] = ()
    """Other licences that may take the place of the same one."""
    attribution: bool = False
    changes_marked: bool = False
    notice: str = ""
    """Section that gives the line for a NOTICE file."""
    display: str = ""
    """Phrase that has to be shown where the work is given out."""
    name_prefix: str = ""
    """What the name of a model made with it has to begin with."""
    use_policy: str = ""
    monthly_users: int | None = None
    annual_revenue_usd: int | None = None
    territory_without: tuple[str, ...] = ()
    ends_on_dispute: bool = False
    law: str = ""
    sections: str = ""

    @property
    def is_read(self) -> bool:
        """Whether the facts come from the text of the licence."""
        return self.seen != ""


class TableVersion(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Which table was used: its name, its version and its digest."""

    name: str
    version: str
    digest: str


class LicenceExpression(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A licence as declared, and what it was understood as."""

    declared: str
    canonical: str
    """The expression in canonical ids; empty where it could not be read."""
    alternatives: tuple[tuple[str, ...], ...]
    """One of these holds, and in it every licence together."""
    unknown: tuple[str, ...]
    """Names in it that neither SPDX nor our table knows."""
    problem: Text | None = None
    """Why it could not be read."""

    @property
    def is_named(self) -> bool:
        """Whether anything was declared at all."""
        return self.declared.strip() != ""

    @property
    def is_understood(self) -> bool:
        """Whether every name in it is known."""
        return self.problem is None and not self.unknown

    @property
    def licences(self) -> tuple[str, ...]:
        """Every licence in it once, sorted."""
        return tuple(sorted({name for one in self.alternatives for name in one}))


class Judgement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The verdict on one licence received against the one it goes out under."""

    outbound: str
    inbound: str
    handling: Handling
    verdict: Compatibility
    reason: Text


class LicenceDuty(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One thing to do, with the licence and section that asks for it."""

    kind: DutyKind
    licence: str
    sections: str
    phrase: str
    """What has to be shown or begin the name; empty for other duties."""
    what: Text


class LicenceLimit(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One limit that stays with the work, with its licence and section."""

    kind: LimitKind
    licence: str
    sections: str
    what: Text
