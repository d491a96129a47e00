"""One visit: who is there, in which language, and what the page around it says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request

from dokja.evidence.values import Text
from dokja.people.values import Account, Role, Session
from dokja.web.languages import in_language, language_of, shown_distance, shown_time
from dokja.web.menu import MenuEntry, menu_of
from dokja.web.rendering import templates
from dokja.wiring.office import Office


class Visit:
    """A request as the pages see it; `visit_of` makes one."""

    def __init__(
        self,
        request: Request,
        office: Office,
        *,
        account: Account | None,
        session: Session | None,
        csrf: str,
    ) -> None:
        self.request = request
        self.office = office
        self.account = account
        self.session = session
        self.csrf = csrf
        """What a form must send back; bound to the session."""
        own = None if account is None else account.language
        self.language = language_of(request, own=own)

    @property
    def path(self) -> str:
        """Path of the address, without its query."""
        return str(self.request.url.path)

    @property
    def role(self) -> Role:
        """The role of the account; the public where nobody signed in."""
        return Role.PUBLIC if self.account is None else self.account.role

    @property
    def by_htmx(self) -> bool:
        """Whether htmx asked, which takes a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def twin(self) -> str:
        """Address of the page as JSON."""
        return "/index.json" if self.path == "/" else f"{self.path}.json"

    @property
    def rooms(self) -> tuple[MenuEntry, ...]:
        """The parts of the site that are open to the visitor."""
        return menu_of(self.role)

    @property
    def programme_name(self) -> Text:
        """Name of the programme."""
        return self.office.rulebook.name

    @property
    def stage_name(self) -> Text:
        """Name of the stage."""
        return self.office.plan.name

    @property
    def rules_digest(self) -> str:
        """Digest of the rules in force."""
        return self.office.rules_digest

    @property
    def is_example(self) -> bool:
        """Whether the programme is made up to be tried out."""
        return self.office.is_example

    def inside(self, path: str) -> bool:
        """Whether the page belongs to the room at `path`."""
        if path == "/":
            return self.path in ("/", "/index.json")
        return self.path.removesuffix(".json").startswith(path)

    def in_other(self, language: str) -> str:
        """The same page in a language."""
        query = dict(self.request.query_params) | {"lang": language}
        return f"{self.path}?{urlencode(query)}"

    def say(self, text: Text) -> str:
        """The text in the visitor's language."""
        return in_language(text, self.language)

    def rendered(self, template: str, *, view: Any, title: Text) -> str:
        """The page as HTML."""
        return (
            templates()
            .get_template(template)
            .render(
                view=view,
                title=title,
                visit=self,
                language=self.language,
                say=self.say,
                t=self._chosen,
                time=self._time,
                distance=self._distance,
                token=Markup('<input type="hidden" name="csrf" value="{}">').format(
                    self.csrf
                ),
            )
        )

    def _chosen(self, ko: str, en: str) -> str:
        return ko if self.language == "ko" else en

    def _time(self, at: str) -> str:
        return shown_time(at, self.language)

    def _distance(self, at: Any) -> str:
        return shown_distance(at, self.office.now(), self.language)
