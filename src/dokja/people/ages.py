"""Ages: how old somebody is, and which band a quota puts them in."""

from __future__ import annotations

from datetime import date

from dokja.people.values import AgeBand, PersonCard, Stratum

CHILD_UNDER = 14
"""Personal Information Protection Act, Article 22-2: below this a parent consents."""

_BANDS = (
    (20, AgeBand.TEENS),
    (30, AgeBand.TWENTIES),
    (40, AgeBand.THIRTIES),
    (50, AgeBand.FORTIES),
    (60, AgeBand.FIFTIES),
)


def age_on(born: date, day: date) -> int:
    """Full years on that day; one born on 29 February turns on 1 March."""
    before_birthday = (day.month, day.day) < (born.month, born.day)
    return day.year - born.year - before_birthday


def age_band(birth_year: int | None, year: int) -> AgeBand:
    """The band of the age reached in `year`."""
    if birth_year is None:
        return AgeBand.UNSTATED
    age = year - birth_year
    return next((band for limit, band in _BANDS if age < limit), AgeBand.SIXTY_AND_OVER)


def stratum(card: PersonCard, year: int) -> Stratum:
    """The cell of the quotas the person falls into."""
    return Stratum(
        sex=card.sex,
        age=age_band(card.birth_year, year),
        region=card.region,
        skill=card.skill,
    )
