"""Signing in with a provider: one that is real, and one that attacks."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt

from dokja.adapters.identity import read_providers
from dokja.adapters.store import Store, open_store
from dokja.errors import InvalidInput, NotAllowed, Unavailable
from dokja.people import Errand, Return, come_back, leave_for
from dokja.people.digests import provider_identity
from dokja.people.ports import Desk
from tests.contract.local_provider import (
    BACK_TO,
    LyingProvider,
    consent_at,
    lying_provider,
    provider_at,
    real_provider,
)
from tests.contract.people_fixture import NOW, desk_on


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that is not ours."""
    with real_provider() as found:
        yield found


@pytest.fixture
def liar() -> Iterator[LyingProvider]:
    """A provider that says what the test wants."""
    with lying_provider() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Any) -> Iterator[Desk]:
    """A desk whose passages are kept in a real store."""
    store: Store
    with open_store(f"sqlite:///{tmp_path / 'record.db'}") as store:
        yield desk_on(store)


def out_and_back(desk: Desk, issuer: str, person: str) -> tuple[dict[str, str], Return]:
    """What left and what came back, of one who agreed at the provider."""
    provider = provider_at(issuer)
    address = leave_for(
        desk,
        provider,
        Errand(contest="stage-1", onward="/contest"),
        back_to=BACK_TO,
        browser="browser-1",
        now=NOW,
    )
    sent = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
    came = consent_at(address, person)
    given = Return(state=came["state"], code=came["code"], browser="browser-1")
    return sent, given


def test_somebody_signs_in_with_a_real_provider(desk: Desk, issuer: str) -> None:
    """Discovery, consent, code, token and signature, over a socket."""
    sent, given = out_and_back(desk, issuer, "person-1")
    assert sent["code_challenge_method"] == "S256"
    assert sent["scope"] == "openid"
    assert len({sent["state"], sent["nonce"], sent["code_challenge"]}) == 3
    providers = {"local": provider_at(issuer)}
    vouched = come_back(desk, providers, given, now=NOW)
    assert vouched.identity == provider_identity(issuer, "person-1")
    assert vouched.errand == Errand(contest="stage-1", onward="/contest")
    with pytest.raises(NotAllowed, match="was used"):
        come_back(desk, providers, given, now=NOW)


def test_a_code_is_worth_nothing_to_whoever_did_not_send_for_it(
    desk: Desk, issuer: str
) -> None:
    """Another browser, another provider's answer, an old state, an invented one."""
    providers = {"local": provider_at(issuer)}

    def refused(**changes: Any) -> str:
        _, given = out_and_back(desk, issuer, "person-1")
        fields = {
            "state": given.state,
            "code": given.code,
            "browser": given.browser,
        } | changes
        now = fields.pop("now", NOW)
        with pytest.raises(NotAllowed) as caught:
            come_back(desk, providers, Return(**fields), now=now)
        return caught.value.fact

    assert "another browser" in refused(browser="browser-2")
    assert "another provider" in refused(issuer="https://evil.example")
    assert "never opened" in refused(state="invented")
    assert "too old" in refused(now=NOW + timedelta(minutes=10))


def believed(liar: LyingProvider, nonce: str = "n" * 43) -> Any:
    """What we make of the liar's answer."""
    provider = provider_at(liar.issuer)
    return provider.identify("code", back_to=BACK_TO, nonce=nonce, verifier="v" * 43)


def _part(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().strip("=")


def unsigned(claims: dict[str, Any]) -> str:
    """A token that says it needs no signature."""
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def by_public_key(liar: LyingProvider) -> Callable[[dict[str, Any]], str]:
    """Signs with the public key as if it were a shared secret."""
    public = liar.keys[0].as_pem(private=False)

    def forge(claims: dict[str, Any]) -> str:
        signed = f"{_part({'alg': 'HS256', 'kid': 'first'})}.{_part(claims)}"
        return f"{signed}.{_text(hmac.digest(public, signed.encode(), 'sha256'))}"

    return forge


def foreign(claims: dict[str, Any]) -> str:
    """Signed by somebody else under the provider's key id."""
    return jwt.encode(
        {"alg": "ES256", "kid": "first"}, claims, LyingProvider.new_key("first")
    )


_CLAIM_LIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "m" * 43},
    "no nonce": {"nonce": None},
    "another audience": {"aud": "somebody-else"},
    "an audience among others, for another": {
        "aud": ["dokja", "somebody-else"],
        "azp": "somebody-else",
    },
    "another issuer": {"iss": "https://evil.example"},
    "expired": {"exp": 1_700_000_000},
    "never expires": {"exp": None},
    "from the future": {"iat": 4_000_000_000},
    "nobody": {"sub": ""},
    "a name without end": {"sub": "x" * 300},
    "a number": {"sub": 7},
}


def test_an_honest_answer_is_believed(liar: LyingProvider) -> None:
    """The control of the attacks: the same provider, telling the truth."""
    liar.claims = liar.good_claims("n" * 43)
    assert believed(liar) == provider_identity(liar.issuer, "person-1")
    assert liar.forms[0]["code_verifier"] == "v" * 43
    assert "client_secret" not in liar.forms[0]
    assert liar.authorizations[0].startswith("Basic ")


@pytest.mark.parametrize("lie", _CLAIM_LIES.values(), ids=_CLAIM_LIES.keys())
def test_a_token_that_is_not_for_us_now_is_not_believed(
    liar: LyingProvider, lie: dict[str, Any]
) -> None:
    """Each claim is wrong alone, under a signature that is right."""
    claims = liar.good_claims("n" * 43) | lie
    liar.claims = {name: value for name, value in claims.items() if value is not None}
    with pytest.raises(InvalidInput, match="cannot be believed"):
        believed(liar)


def test_a_token_that_the_provider_did_not_sign_is_not_believed(
    liar: LyingProvider,
) -> None:
    """Unsigned, by a stranger, by the public key as a shared secret, no token."""
    liar.claims = liar.good_claims("n" * 43)
    for forge in (unsigned, foreign, by_public_key(liar), lambda _: "no.token"):
        liar.sign = forge
        with pytest.raises(InvalidInput, match="cannot be believed"):
            believed(liar)


def test_keys_that_were_changed_are_asked_for_again(liar: LyingProvider) -> None:
    """A provider that rotates its keys must not lock everybody out."""
    provider = provider_at(liar.issuer)

    def identify() -> Any:
        return provider.identify(
            "code", back_to=BACK_TO, nonce="n" * 43, verifier="v" * 43
        )

    liar.claims = liar.good_claims("n" * 43)
    first = identify()
    liar.keys = [liar.new_key("second")]
    assert identify() == first


def test_a_provider_that_cannot_be_used_is_explained(liar: LyingProvider) -> None:
    """Nobody is let in, and the person learns what to do."""
    liar.claims = liar.good_claims("n" * 43)
    liar.token_status = 503
    with pytest.raises(Unavailable, match="status 503"):
        believed(liar)
    liar.token_status = 400
    liar.body = b'{"error": "invalid_grant"}'
    with pytest.raises(InvalidInput, match="invalid_grant"):
        believed(liar)
    liar.body = b"[" * 100_000
    with pytest.raises(Unavailable, match="JSON"):
        believed(liar)
    liar.body = b'{"a": "' + b"x" * (2 << 20) + b'"}'
    with pytest.raises(Unavailable, match="bounded size"):
        believed(liar)
    with pytest.raises(Unavailable, match="does not answer"):
        provider_at("http://127.0.0.1:1").way_out(
            back_to=BACK_TO, state="s", nonce="n", verifier="v" * 43
        )


def test_a_provider_that_claims_to_be_another_is_refused(liar: LyingProvider) -> None:
    """So is one that would send people or codes over an open line."""
    for lie, fact in (
        ({"issuer": "https://evil.example"}, "says it is"),
        ({"token_endpoint": "http://evil.example/token"}, "not an https address"),
        ({"jwks_uri": "file:///etc/passwd"}, "not an https address"),
    ):
        liar.discovery = lie
        with pytest.raises(InvalidInput, match=fact):
            believed(liar)


_PROVIDER = """
[[provider]]
name = "mobile-id"
title = {ko = "모바일 신분증", en = "Mobile ID"}
issuer = "https://id.example.org"
client_id = "dokja"
client_secret = "hush"
"""


def test_providers_are_read_from_the_office_file() -> None:
    """Several can stand beside each other, each under a name of its own."""
    (found,) = read_providers(_PROVIDER)
    assert (found.name, found.issuer, found.client_secret) == (
        "mobile-id",
        "https://id.example.org",
        "hush",
    )
    assert read_providers("") == ()


@pytest.mark.parametrize(
    "text",
    [
        _PROVIDER * 2,
        _PROVIDER.replace("mobile-id", "../x"),
        _PROVIDER.replace("https://", "http://"),
        _PROVIDER + "surprise = 1\n",
        "client_secret = hush",
    ],
    ids=["twice", "name", "open line", "unknown key", "no TOML"],
)
def test_providers_that_cannot_be_used_are_explained_without_a_secret(
    text: str,
) -> None:
    """The message goes to a screen and into a log."""
    with pytest.raises(InvalidInput) as caught:
        read_providers(text)
    assert "hush" not in str(caught.value)
