"""Ledgers of the controls that people perform: dated, searchable, with reminders; a kind of ledger is data (`kinds.toml`).

Entries never change; corrections, notes, extensions and closings stand beside them (docs/ledgers.md, decision 0092).
"""
