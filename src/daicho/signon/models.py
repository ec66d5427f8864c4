"""Tables of sign-on. No default reads a clock or draws a value: everything comes from the Environment."""

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from daicho.signon.places import Place, place_on


class Terminal(models.Model):
    """A registered terminal. `address` (an IP network such as 10.1.2.0/24), when set, is where it must call from.

    `terminal_class` is a code of the rights table; it says what may be printed and written there. It is in use while `active`, from
    `valid_from` to `valid_to`. `public_key` (JWK) is that of the key in its browser, which every sign-on there must show; `enrolment` is
    the hash of the code with which the key is registered once. Without a key it can be used only where it is `keyless` on purpose.
    """

    terminal_id = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=64)
    office = models.CharField(max_length=32)
    address = models.CharField(max_length=64, blank=True)
    terminal_class = models.CharField(max_length=16)
    active = models.BooleanField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    keyless = models.BooleanField()
    public_key = models.JSONField(null=True)
    key_at = models.DateTimeField(null=True)
    enrolment = models.CharField(max_length=256, blank=True)
    enrolment_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "terminal"

    def __str__(self) -> str:
        return self.terminal_id


class Officer(AbstractBaseUser):
    """An officer who may sign on from `valid_from` to `valid_to` (both included; no end when null).

    Outside its term a user ID has expired by itself; `withdrawn_on` says that it was taken back for good.
    `second_factor` is the TOTP secret, encrypted (`sealing.py`); it counts where `totp_allowed`. `enrolment` is the hash of the code on
    paper with which the first passkey is registered, until `enrolment_until`. `withdrawn_on` may lie ahead (retirement), after the term.
    `postings` are later places (`since`, `department`, `office`, `on_leave`), by day: a transfer counts from its day by itself.
    The names and roles are those of staff, not residents.
    """

    officer_id = models.CharField(primary_key=True, max_length=32)
    name = models.CharField(max_length=64)
    department = models.CharField(max_length=32)
    office = models.CharField(max_length=32)
    active = models.BooleanField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    second_factor = models.BinaryField()
    password_changed_on = models.DateField()
    past_passwords = ArrayField(models.CharField(max_length=256))
    large_text = models.BooleanField()
    letter_keys = models.BooleanField()
    withdrawn_on = models.DateField(null=True)
    postings = models.JSONField(default=list)
    totp_allowed = models.BooleanField()
    enrolment = models.CharField(max_length=256, blank=True)
    enrolment_until = models.DateField(null=True)

    last_login = None
    USERNAME_FIELD = "officer_id"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = BaseUserManager()

    class Meta:
        db_table = "officer"

    def __str__(self) -> str:
        return self.officer_id

    def place_on(self, day: date) -> Place:
        """The place on a day; that of the issue before the first transfer."""
        return place_on(self.department, self.office, self.postings, day)


class OfficerRole(models.Model):
    """A role an officer holds from `since` to `until`, both days included; no end when null.

    `granted_by` is who gave or ended it last, never the officer; roles that exclude each other do not overlap (constraints).
    """

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=32)
    since = models.DateField()
    until = models.DateField(null=True)
    granted_by = models.CharField(max_length=32)

    class Meta:
        db_table = "officer_role"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["officer", "role", "since"], name="officer_role_once"),
        ]

    def __str__(self) -> str:
        return f"{self.officer_id} {self.role}"


class OfficerLedger(models.Model):
    """One act with a user ID or its roles, by whom and why. Rows only grow (a trigger), nobody acts on themselves.

    `act` is a key of `ledger.ACT_WORDS`; `officer` and `by` are user IDs or `console`.
    """

    officer = models.CharField(max_length=32)
    at = models.DateTimeField()
    act = models.CharField(max_length=16)
    role = models.CharField(max_length=32, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    by = models.CharField(max_length=32)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "officer_ledger"

    def __str__(self) -> str:
        return f"{self.act} {self.officer}"


class OfficerSession(models.Model):
    """One sign-on, from the second factor to its end. At most one is open per officer (a constraint says so).

    `ref` names the session in the trail; the secret of the cookie is Django's session key and is not stored here.
    `failures_before` counts the failures since the sign-on before this one.
    `method` is the second factor shown: `passkey`, `otp`, or `paper` for the code with which a first passkey is registered.
    `kept_post` is a form that arrived while the session was locked, encrypted, given back after unlocking.

    Where officers sign on at another system, `provider_token` (encrypted) is what that system knows the session by, `asked_at`
    when it was last asked about it, `heard_at` when it last answered, and `unlock_hash` what a password is checked with at the lock.
    """

    ref = models.CharField(primary_key=True, max_length=32)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="sessions")
    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT)
    signed_on_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    failures_before = models.PositiveIntegerField()
    locked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=16, blank=True)
    kept_post = models.BinaryField(null=True)
    provider_token = models.BinaryField(null=True)
    asked_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    unlock_hash = models.CharField(max_length=256, blank=True)
    method = models.CharField(max_length=8, blank=True)

    class Meta:
        db_table = "officer_session"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["officer"], condition=models.Q(ended_at__isnull=True), name="officer_session_one_open"
            ),
        ]

    def __str__(self) -> str:
        return self.ref


class SignonAttempt(models.Model):
    """Failures counted per user ID as typed, known or not, so that a lockout tells nothing about who exists.

    The typed text is kept only as a keyed digest: people type passwords into the wrong box.
    """

    login_digest = models.BinaryField(primary_key=True)
    failures = models.PositiveIntegerField()
    failed_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "signon_attempt"

    def __str__(self) -> str:
        return str(self.failures)


class UsedCode(models.Model):
    """A one-time code that was accepted: the constraint refuses it a second time."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE)
    time_step = models.BigIntegerField()

    class Meta:
        db_table = "used_code"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["officer", "time_step"], name="used_code_once"),
        ]

    def __str__(self) -> str:
        return str(self.time_step)


class Passkey(models.Model):
    """An authenticator of an officer (WebAuthn). It counts until `ended_at`; the private key never left it."""

    credential_id = models.BinaryField(unique=True)
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="passkeys")
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField()
    name = models.CharField(max_length=32)
    registered_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "passkey"

    def __str__(self) -> str:
        return self.name


class OfficerRequest(models.Model):
    """A user ID or a new password and second factor, asked for by one administrator and decided by another (constraints)."""

    act = models.CharField(max_length=8)
    officer = models.CharField(max_length=32)
    wanted = models.JSONField()
    reason = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=32, blank=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        db_table = "officer_request"

    def __str__(self) -> str:
        return f"{self.act} {self.officer}"


class PersonnelFile(models.Model):
    """A file of the personnel office: `rows` as read, loaded by one administrator, decided by another (constraints)."""

    rows = models.JSONField()
    reason = models.CharField(max_length=200)
    loaded_by = models.CharField(max_length=32)
    loaded_at = models.DateTimeField()
    decided_by = models.CharField(max_length=32, blank=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)

    class Meta:
        db_table = "personnel_file"

    def __str__(self) -> str:
        return str(self.pk)


class RightsReview(models.Model):
    """One review of all user IDs and roles, due on a day; closed when every line is signed, then it stays (triggers)."""

    due = models.DateField()
    started_by = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rights_review"

    def __str__(self) -> str:
        return str(self.pk)


class RightsReviewLine(models.Model):
    """One user ID in a review: `told` is how it stood at the start, `responsible` who answers for the department.

    `decision` is a key of `rights_review.DECISIONS`, empty while open; never by the officer, and signed by
    another than who decided (constraints).
    """

    review = models.ForeignKey(RightsReview, on_delete=models.PROTECT, related_name="lines")
    officer = models.CharField(max_length=32)
    told = models.JSONField()
    responsible = models.CharField(max_length=64)
    decision = models.CharField(max_length=8, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    decided_by = models.CharField(max_length=32, blank=True)
    decided_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=32, blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rights_review_line"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["review", "officer"], name="rights_review_line_once"),
        ]

    def __str__(self) -> str:
        return self.officer


class DirectoryState(models.Model):
    """The one row that says how often officers, roles or terminals changed here (triggers count), and which state of the
    provider's was taken over last (`taken`, where officers sign on elsewhere).
    """

    one = models.BooleanField(primary_key=True)
    version = models.BigIntegerField()
    taken = models.BigIntegerField(null=True)

    class Meta:
        db_table = "directory_state"

    def __str__(self) -> str:
        return str(self.version)
