"""Backup of all databases of a house to another medium, encrypted and signed; restore; the drill that proves it (docs/backup.md)."""
