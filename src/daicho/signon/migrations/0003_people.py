"""Who gave a role, which roles exclude each other, withdrawn user IDs, and the ledger of acts with user IDs."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

RULES = """
-- Nobody gives themselves a role (control R-USE-07).
ALTER TABLE officer_role ADD CONSTRAINT officer_role_not_by_oneself
    CHECK (granted_by <> officer_id AND granted_by <> '');

-- The conflicts of access/rights.toml, for days on which both would be held: a test holds the two lists together.
ALTER TABLE officer_role ADD CONSTRAINT officer_role_administrator_alone EXCLUDE USING gist (
    (officer_id::text) WITH =,
    (CASE WHEN role = 'administrator' THEN 1 ELSE 2 END) WITH <>,
    (daterange(since, until, '[]')) WITH &&);
ALTER TABLE officer_role ADD CONSTRAINT officer_role_assistant_alone EXCLUDE USING gist (
    (officer_id::text) WITH =,
    (CASE WHEN role = 'assistant' THEN 1 ELSE 2 END) WITH <>,
    (daterange(since, until, '[]')) WITH &&) WHERE (role IN ('assistant', 'reviewer', 'protector'));

ALTER TABLE officer ADD CONSTRAINT officer_withdrawn_is_off CHECK (withdrawn_on IS NULL OR NOT active);

ALTER TABLE officer_ledger ADD CONSTRAINT officer_ledger_not_by_oneself CHECK (by <> officer);
CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of officers only grows' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER officer_ledger_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON officer_ledger
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("signon", "0002_terminal_class")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(model_name="officer", name="withdrawn_on", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="officerrole",
            name="granted_by",
            field=models.CharField(default="console", max_length=32),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="OfficerLedger",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("officer", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                ("act", models.CharField(max_length=16)),
                ("role", models.CharField(blank=True, max_length=32)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("by", models.CharField(max_length=32)),
                ("reason", models.CharField(blank=True, max_length=200)),
            ],
            options={"db_table": "officer_ledger"},
        ),
        migrations.RunSQL(RULES),
    ]
