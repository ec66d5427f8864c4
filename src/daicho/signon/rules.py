"""The limits of sign-on, in one place."""

from datetime import timedelta

ONE_DAY = timedelta(days=1)
FAILURES_ALLOWED = 5
LOCKOUT = timedelta(minutes=15)
FAILURES_KEPT = timedelta(days=1)
STEP_UP = timedelta(minutes=10)
"""A sensitive act needs the password shown within this time."""
PROOF_FRESH = timedelta(minutes=2)
"""How long signing on or unlocking counts as just done, where another system asks commons who this is."""
SECOND_STEP_WITHIN = timedelta(minutes=3)
IDLE = timedelta(minutes=5)
IDLE_WARNING = timedelta(seconds=20)
SAVE_GRACE = timedelta(seconds=15)
SEEN_EVERY = timedelta(seconds=10)
SESSION_AGE = timedelta(hours=12)
ASK_EVERY = timedelta(seconds=10)
"""How often a system asks its provider whether a session goes on; a suspension or a new role counts within this time."""
ALONE = timedelta(hours=4)
"""How long a session goes on while its provider does not answer (docs/sign-on.md)."""
TERMINAL_GUESS = timedelta(hours=6)
"""Each wrong code for a terminal takes so much from the day that it counts."""
ENROLMENT = timedelta(days=7)
"""How long the code on paper counts with which a first passkey is registered."""
ADMINISTRATORS_MOST = 5
"""As few administrators of user IDs as possible (control R-USE-07): two to decide, and who stands in for them."""
PASSWORD_AGE = timedelta(days=90)
PASSWORD_LENGTH = 12
PASSWORDS_REMEMBERED = 5
SIMILAR = 0.7
REFUSALS_RECORDED = 10
"""Refusals of one officer (one open session each) that the trail takes within a minute; the last one says so."""
REFUSALS_WITHIN = timedelta(minutes=1)
KEPT_POST_BYTES = 262_144
