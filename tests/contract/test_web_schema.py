"""Whatever a form or an address says, no role is answered with a failure of ours."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error

from dokja.people.digests import form_token
from dokja.people.values import Role
from dokja.web import make_app
from dokja.web.limits import TokenBuckets
from dokja.wiring.office import Office
from tests.contract.crawl import answers, routes_of
from tests.contract.office_site import copied_programme, open_site
from tests.contract.seats import everybody

EXAMPLES = {"post": 4, "get": 2}
LAST = ("/signout",)
_FIELD = re.compile(r'sent(?:_raw|_all)?\(\s*"(\w+)"')
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office whose contest is open."""
    many = {"DOKJA_REQUESTS_PER_SECOND": "1000000"}
    place = tmp_path_factory.mktemp("schema")
    programme = copied_programme(place)
    with open_site(place / "office", many, programme=programme) as found:
        assert found.keeper is not None
        found.keeper.open()
        yield found


def described(app: FastAPI) -> dict[str, Any]:
    """The app's OpenAPI with the fields its forms are asked for by name."""
    found = app.openapi()
    for route in routes_of(app.router):
        if not answers(route, "POST"):
            continue
        module = inspect.getmodule(inspect.unwrap(route.endpoint))
        assert module is not None
        fields = sorted(set(_FIELD.findall(inspect.getsource(module))))
        schema = {
            "type": "object",
            "properties": {name: {"type": "string"} for name in fields},
        }
        found["paths"][route.path_format]["post"]["requestBody"] = {
            "content": {FORM: {"schema": schema}}
        }
    return found


def headers_of(token: str) -> Mapping[str, str]:
    """What a browser of this session sends, which knows the token of its forms."""
    if not token:
        return {"cookie": "dokja-browser=b", "x-csrf-token": form_token("b")}
    return {"cookie": f"dokja-session={token}", "x-csrf-token": form_token(token)}


def test_no_role_meets_a_failure_of_ours(office: Office) -> None:
    """Every operation, by everybody and by nobody, with what a schema allows."""
    app = make_app(office)
    app.openapi_schema = described(app)
    app.state.account_limit = TokenBuckets(per_second=1e6)
    seats = everybody(office)
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    found: list[Any] = list(schema.get_all_operations())
    operations = [each.ok() for each in found]
    forms = [o for o in operations if o.method == "post" and o.body]
    assert len(operations) > 60
    assert len(forms) > 15
    operations.sort(key=lambda o: (o.path in LAST, o.path, o.method))
    for operation in operations:
        # A twin is the handler of its page, which is asked more.
        is_twin = operation.path.endswith(".json")
        _asked(operation, seats, 1 if is_twin else EXAMPLES[operation.method])


def _asked(operation: Any, seats: Mapping[Role, str], examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        for token in seats.values():
            answer = case.call(headers=headers_of(token))
            case.validate_response(answer, checks=[not_a_server_error])

    ask()
