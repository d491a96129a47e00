"""Where a provider is, and what it says about itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from dokja.adapters.identity.bounded_http import get_json, require_safe
from dokja.errors import InvalidInput
from dokja.evidence.values import Text

_WELL_KNOWN = "/.well-known/openid-configuration"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
_HOW = (
    "give a [[provider]] for each, with name, title (ko and en), issuer, client_id "
    "and client_secret"
)


class ProviderAddress(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A provider as the office configures it."""

    name: str
    """Stands in addresses of this site."""
    title: Text
    issuer: str
    client_id: str
    client_secret: str = ""
    scope: str = "openid"
    """Nothing but the identifier is asked for, unless the office needs more."""


class Discovered(msgspec.Struct, frozen=True, kw_only=True):
    """What the provider says about itself."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class _Providers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    provider: tuple[ProviderAddress, ...] = ()


def read_providers(text: str) -> tuple[ProviderAddress, ...]:
    """The providers that the TOML text of an office's file names.

    Raises: InvalidInput where it cannot be read, a name does not fit into an
    address or stands twice, or an issuer is not https.
    """
    try:
        found = msgspec.toml.decode(text, type=_Providers).provider
    except msgspec.ValidationError as error:
        raise InvalidInput(
            f"the identity providers cannot be read: {error}", remedy=_HOW
        ) from error
    except msgspec.DecodeError:
        # Its message could quote a secret.
        raise InvalidInput("the identity providers are not TOML", remedy=_HOW) from None
    names = [provider.name for provider in found]
    wrong = [name for name in names if not _NAME.fullmatch(name)]
    if wrong or len(set(names)) != len(names):
        raise InvalidInput(
            f"the identity providers are named {', '.join(names)}",
            remedy="name each once, in lower-case letters, digits and hyphens",
        )
    for provider in found:
        require_safe(provider.issuer, what=f"issuer of {provider.name}")
    return found


def discover(provider: ProviderAddress) -> Discovered:
    """What the provider's configuration says.

    Raises: Unavailable where the provider does not answer; InvalidInput where
    it claims to be another, or sends people to an address that is not safe.
    """
    said = get_json(provider.issuer.rstrip("/") + _WELL_KNOWN, who=provider.name)
    if said.get("issuer") != provider.issuer:
        raise InvalidInput(
            f"{provider.name} says it is {str(said.get('issuer'))[:200]!r}, "
            f"not {provider.issuer!r}",
            remedy="configure the issuer exactly as the provider writes it",
        )
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        require_safe(said.get(name), what=f"{name} of {provider.name}")
    return _read(said, provider.name)


def _read(said: Mapping[str, Any], name: str) -> Discovered:
    try:
        return msgspec.convert(said, Discovered)
    except msgspec.ValidationError as error:
        raise InvalidInput(
            f"the configuration of {name} cannot be read: {error}",
            remedy="ask the provider; its configuration is not OpenID Connect",
        ) from error
