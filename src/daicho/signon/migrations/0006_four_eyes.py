"""Two administrators for a user ID and for a new password: one asks, another decides."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

RULES = """
ALTER TABLE officer_request ADD CONSTRAINT officer_request_two_people CHECK
    (asked_by <> officer AND decided_by <> officer AND decided_by <> asked_by AND asked_by <> '');
ALTER TABLE officer_request ADD CONSTRAINT officer_request_decided CHECK
    ((decided_at IS NULL) = (approved IS NULL) AND (decided_at IS NULL) = (decided_by = ''));
CREATE UNIQUE INDEX officer_request_one_open ON officer_request (officer) WHERE decided_at IS NULL;
CREATE FUNCTION keep_officer_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.decided_at IS NOT NULL OR (NEW.act, NEW.officer, NEW.wanted, NEW.asked_by, NEW.asked_at)
        IS DISTINCT FROM (OLD.act, OLD.officer, OLD.wanted, OLD.asked_by, OLD.asked_at) THEN
        RAISE EXCEPTION 'what was asked for and decided stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER officer_request_stays BEFORE UPDATE OR DELETE ON officer_request
    FOR EACH ROW EXECUTE FUNCTION keep_officer_request();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("signon", "0005_passkey")]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="OfficerRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=8)),
                ("officer", models.CharField(max_length=32)),
                ("wanted", models.JSONField()),
                ("reason", models.CharField(max_length=200)),
                ("asked_by", models.CharField(max_length=32)),
                ("asked_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, max_length=32)),
                ("decided_at", models.DateTimeField(null=True)),
                ("approved", models.BooleanField(null=True)),
            ],
            options={"db_table": "officer_request"},
        ),
        migrations.RunSQL(RULES),
    ]
