"""Signing on at another system: the OpenID Connect client of a system whose officers are kept elsewhere (decision 0080)."""
