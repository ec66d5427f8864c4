"""Contracts between systems: versioned models that refuse unknown fields; schemas in docs/contracts."""
