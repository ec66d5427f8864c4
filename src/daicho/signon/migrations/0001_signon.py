"""Tables of sign-on, first version."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    initial = True

    dependencies: ClassVar[list[tuple[str, str]]] = []

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("officer_id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64)),
                ("department", models.CharField(max_length=32)),
                ("office", models.CharField(max_length=32)),
                ("active", models.BooleanField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("second_factor", models.BinaryField()),
                ("password_changed_on", models.DateField()),
                (
                    "past_passwords",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=256), size=None),
                ),
                ("large_text", models.BooleanField()),
                ("letter_keys", models.BooleanField()),
            ],
            options={
                "db_table": "officer",
            },
        ),
        migrations.CreateModel(
            name="SignonAttempt",
            fields=[
                ("login_digest", models.BinaryField(primary_key=True, serialize=False)),
                ("failures", models.PositiveIntegerField()),
                ("failed_at", models.DateTimeField()),
                ("locked_until", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "signon_attempt",
            },
        ),
        migrations.CreateModel(
            name="Terminal",
            fields=[
                ("terminal_id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=64)),
                ("office", models.CharField(max_length=32)),
                ("address", models.CharField(blank=True, max_length=64)),
                ("active", models.BooleanField()),
            ],
            options={
                "db_table": "terminal",
            },
        ),
        migrations.CreateModel(
            name="OfficerRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=32)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="roles", to="signon.officer"
                    ),
                ),
            ],
            options={
                "db_table": "officer_role",
                "constraints": [models.UniqueConstraint(fields=("officer", "role", "since"), name="officer_role_once")],
            },
        ),
        migrations.CreateModel(
            name="OfficerSession",
            fields=[
                ("ref", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("signed_on_at", models.DateTimeField()),
                ("last_seen_at", models.DateTimeField()),
                ("failures_before", models.PositiveIntegerField()),
                ("locked_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_why", models.CharField(blank=True, max_length=16)),
                ("kept_post", models.BinaryField(null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="signon.officer"
                    ),
                ),
                ("terminal", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="signon.terminal")),
            ],
            options={
                "db_table": "officer_session",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("officer",),
                        name="officer_session_one_open",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="UsedCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("time_step", models.BigIntegerField()),
                ("officer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="signon.officer")),
            ],
            options={
                "db_table": "used_code",
                "constraints": [models.UniqueConstraint(fields=("officer", "time_step"), name="used_code_once")],
            },
        ),
    ]
