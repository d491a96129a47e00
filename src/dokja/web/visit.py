"""One visit: who is there, in which language, and what the page around it says."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request

from dokja.evidence.values import Text
from dokja.people.digests import form_token
from dokja.people.values import Account, AuditOutcome, Role
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
        browser: str,
    ) -> None:
        self.request = request
        self.office = office
        self.account = account
        self.browser = browser
        """Token of the session, or the one a browser holds before it signs in."""
        self.csrf = form_token(browser)
        """What a form must send back."""
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

    def sent(self, name: str) -> str:
        """What the form says in the field; empty where it says nothing."""
        value = self._form.get(name)
        return value.strip() if isinstance(value, str) else ""

    def sent_raw(self, name: str) -> str:
        """The same with its outer spaces, which a password may have."""
        value = self._form.get(name)
        return value if isinstance(value, str) else ""

    def sent_all(self, name: str) -> tuple[str, ...]:
        """What the form says in every field of this name."""
        return tuple(v for v in self._form.getlist(name) if isinstance(v, str))

    def sent_fields(self) -> dict[str, str]:
        """Everything the form says, by field; the first where it says it twice."""
        return {name: self.sent(name) for name in self._form}

    @property
    def _form(self) -> FormData:
        form = getattr(self.request.state, "form", None)
        return form if isinstance(form, FormData) else FormData()

    @property
    def by_htmx(self) -> bool:
        """Whether htmx asked, which takes a part of a page."""
        return self.request.headers.get("hx-request") == "true"

    @property
    def twin(self) -> str:
        """Address of the page as JSON, of the same matter where it names one."""
        path = "/index.json" if self.path == "/" else f"{self.path}.json"
        asked = dict(self.request.query_params)
        asked.pop("lang", None)
        return f"{path}?{urlencode(asked)}" if asked else path

    @property
    def rooms(self) -> tuple[MenuEntry, ...]:
        """The parts of the site that are open to the visitor."""
        return menu_of(self.role, self.office)

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

    @property
    def site(self) -> str:
        """Address of this site, for links that leave it."""
        return self.office.settings.address or str(self.request.base_url).rstrip("/")

    @property
    def client_address(self) -> str:
        """Network address the request came from."""
        client = self.request.client
        return client.host if client else ""

    def note(
        self, verb: str, what: str, *, outcome: AuditOutcome | None = None
    ) -> None:
        """Say in the audit what this request does, in place of its address."""
        state = self.request.state
        state.verb, state.object, state.outcome = verb, what, outcome

    def is_on_record(self) -> None:
        """Say that an act of the record is the trace of this request already."""
        self.request.state.is_on_record = True

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
