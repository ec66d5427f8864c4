"""The canonical encoding of an entry with its subjects, version 1: what a leaf is the hash of.

A JSON array in UTF-8, `[1, entry_id, at, act, officer, terminal, purpose, request_id, case_id, number_shown, refused,
digest_before, digest_after, detail, subjects]`: separators `, ` and `: `, only the escapes JSON requires, keys of `detail` by
length in bytes and then by bytes, `at` in microseconds since 1970 UTC, digests in hexadecimal or null, subjects ascending.
PostgreSQL writes exactly this for jsonb. The expression stands here and not in the database, so that nobody who can change the
database can change what is asked; and a row that is told wrong does not fit its hash. A new version gets a new expression.
"""

from typing import LiteralString

VERSION = 1

SUBJECTS: LiteralString = (
    "ARRAY(SELECT s.person_id FROM trail.subject s WHERE s.at = e.at AND s.entry_id = e.entry_id ORDER BY s.person_id)"
)

CONTENT: LiteralString = (
    "jsonb_build_array(1, e.entry_id, (extract(epoch FROM e.at) * 1000000)::bigint, e.act, e.officer, e.terminal,"
    " e.purpose, e.request_id, e.case_id, e.number_shown, e.refused, encode(e.digest_before, 'hex'),"
    f" encode(e.digest_after, 'hex'), e.detail, {SUBJECTS})::text"
)
"""SQL over `trail.entry e`."""

LEAVES: LiteralString = (
    "SELECT l.seq, l.leaf_hash, l.mark,"  # noqa: S608 - ours
    f" CASE WHEN e.entry_id IS NOT NULL THEN {CONTENT} END AS content"
    " FROM trail.leaf l LEFT JOIN trail.entry e ON e.at = l.at AND e.entry_id = l.entry_id"
    " WHERE l.seq > %s AND l.seq <= %s ORDER BY l.seq"
)
"""Numbers with what was sealed and what is there now (null: the entry is gone)."""
