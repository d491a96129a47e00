"""OpenID Connect: the authorization code flow with PKCE."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from dokja.adapters.identity.bounded_http import get_json, post_form
from dokja.adapters.identity.discovery import Discovered, ProviderAddress, discover
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.values import Text
from dokja.people.digests import provider_identity
from dokja.people.values import Identity

_SIGNATURES = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "Ed25519", "EdDSA"),
]
"""Asymmetric ones only: with a shared secret, whoever checks could also sign."""
_LEEWAY_SECONDS = 60
_BELIEVED_FOR = timedelta(hours=1)
_LONGEST_NAME = 255
"""Characters of a subject (OpenID Connect Core 1.0, section 2)."""


class OidcProvider:
    """Implements `IdentityProvider`."""

    def __init__(
        self, provider: ProviderAddress, *, clock: Callable[[], datetime]
    ) -> None:
        self._provider = provider
        self._clock = clock
        self._discovered: tuple[datetime, Discovered] | None = None
        self._keys: KeySet | None = None

    @property
    def name(self) -> str:
        """How addresses of this site name the provider."""
        return self._provider.name

    @property
    def title(self) -> Text:
        """How people know it."""
        return self._provider.title

    @property
    def issuer(self) -> str:
        """The provider's own name for itself."""
        return self._provider.issuer

    def way_out(self, *, back_to: str, state: str, nonce: str, verifier: str) -> str:
        """The address a browser is sent to, to sign in there and come back.

        Raises: Unavailable where the provider does not answer.
        """
        address: str = prepare_grant_uri(
            self._known().authorization_endpoint,
            client_id=self._provider.client_id,
            response_type="code",
            redirect_uri=back_to,
            scope=self._provider.scope,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return address

    def identify(
        self, code: str, *, back_to: str, nonce: str, verifier: str
    ) -> Identity:
        """Who came back with this code, once the provider has vouched for them.

        Raises: Unavailable where the provider does not answer; InvalidInput
        where what it answers cannot be believed.
        """
        answer = self._exchanged(code, back_to=back_to, verifier=verifier)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise self._not_believed("it sent no ID token")
        try:
            claims = self._checked(token, answer.get("access_token"), nonce)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise self._not_believed(_why(error)) from error
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_NAME:
            raise self._not_believed("its name for the person is none")
        return provider_identity(self.issuer, subject)

    def _known(self) -> Discovered:
        now = self._clock()
        if self._discovered is None or now - self._discovered[0] >= _BELIEVED_FOR:
            self._discovered = now, discover(self._provider)
            self._keys = None
        return self._discovered[1]

    def _exchanged(self, code: str, *, back_to: str, verifier: str) -> dict[str, Any]:
        known, client = self._known(), self._provider
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back_to,
            "code_verifier": verifier,
        }
        basic = (
            client.client_secret
            and "client_secret_basic" in known.token_endpoint_auth_methods_supported
        )
        if not basic:
            fields |= {"client_id": client.client_id}
            if client.client_secret:
                fields |= {"client_secret": client.client_secret}
        # RFC 6749, 2.3.1: both halves are form-encoded before they are joined.
        auth = (quote(client.client_id, safe=""), quote(client.client_secret, safe=""))
        return post_form(
            known.token_endpoint,
            fields,
            who=self.name,
            auth=auth if basic else None,
        )

    def _checked(self, token: str, access_token: object, nonce: str) -> dict[str, Any]:
        """The claims, after signature and every claim we rely on were checked."""
        registry = JWSRegistry(algorithms=_SIGNATURES, strict_check_header=False)
        try:
            decoded = jwt.decode(token, self._key_set(), registry=registry)
        except InvalidKeyIdError:
            # The provider may have changed its keys since we asked.
            self._keys = None
            decoded = jwt.decode(token, self._key_set(), registry=registry)
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._provider.client_id},
                "exp": {"essential": True},
                "nonce": {"essential": True, "value": nonce},
            },
            {
                "nonce": nonce,
                "client_id": self._provider.client_id,
                "access_token": access_token,
            },
        )
        claims.validate(now=int(self._clock().timestamp()), leeway=_LEEWAY_SECONDS)
        return dict(claims)

    def _key_set(self) -> KeySet:
        if self._keys is None:
            said = get_json(self._known().jwks_uri, who=self.name)
            try:
                self._keys = KeySet.import_key_set(said)  # type: ignore[arg-type]
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise Unavailable(
                    f"the keys of {self.name} cannot be read: {_why(error)}",
                    remedy="try again later, or sign in another way",
                ) from error
        return self._keys

    def _not_believed(self, why: str) -> InvalidInput:
        return InvalidInput(
            f"what {self.name} answered cannot be believed: {why}",
            remedy="sign in again from the start; if it stays so, tell the office",
        )


def _why(error: Exception) -> str:
    return f"{type(error).__name__} {str(error)[:120]}".strip()
