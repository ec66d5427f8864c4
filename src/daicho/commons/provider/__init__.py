"""The OpenID Connect provider of the city: officers sign on here for every system (decision 0080).

Authorization code with PKCE (S256), signed ID tokens (Ed25519), discovery, keys with rotation (RFC 6749, 7636, 7662, 7009, 8414; OpenID
Connect Core 1.0). The protocol's rules are Authlib's; what is stored and what is told are ours.
"""
