"""Identity providers that speak OpenID Connect, by Authlib.

`OidcProvider` sends a browser out with state, nonce and PKCE, and believes what
comes back only after signature, issuer, audience, nonce and expiry were checked.
"""

from dokja.adapters.identity.discovery import ProviderAddress, read_providers
from dokja.adapters.identity.oidc import OidcProvider

__all__ = ["OidcProvider", "ProviderAddress", "read_providers"]
