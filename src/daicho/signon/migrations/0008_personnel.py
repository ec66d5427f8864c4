"""Places by day, retirement planned ahead, and files of the personnel office that two administrators let count."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

RULES = """
-- A user ID withdrawn on a day to come must have run out by then.
ALTER TABLE officer DROP CONSTRAINT officer_withdrawn_is_off;
ALTER TABLE officer ADD CONSTRAINT officer_withdrawn_is_off
    CHECK (withdrawn_on IS NULL OR NOT active OR (valid_to IS NOT NULL AND valid_to < withdrawn_on));
DROP TRIGGER officer_counted ON officer;
CREATE TRIGGER officer_counted AFTER INSERT OR DELETE
    OR UPDATE OF name, department, office, active, valid_from, valid_to, withdrawn_on, postings ON officer
    FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();

-- Nobody loads or confirms a line about themselves, and two people are needed (control R-USE-07).
ALTER TABLE personnel_file ADD CONSTRAINT personnel_file_two_people CHECK (decided_by <> loaded_by AND loaded_by <> '');
ALTER TABLE personnel_file ADD CONSTRAINT personnel_file_decided CHECK
    ((decided_at IS NULL) = (approved IS NULL) AND (decided_at IS NULL) = (decided_by = ''));
ALTER TABLE personnel_file ADD CONSTRAINT personnel_file_not_about_oneself CHECK
    (NOT rows @> jsonb_build_array(jsonb_build_object('officer', loaded_by))
     AND NOT (coalesce(approved, false) AND rows @> jsonb_build_array(jsonb_build_object('officer', decided_by))));
CREATE FUNCTION keep_personnel_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.decided_at IS NOT NULL OR (NEW.rows, NEW.reason, NEW.loaded_by, NEW.loaded_at)
        IS DISTINCT FROM (OLD.rows, OLD.reason, OLD.loaded_by, OLD.loaded_at) THEN
        RAISE EXCEPTION 'a file of the personnel office stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER personnel_file_stays BEFORE UPDATE OR DELETE ON personnel_file
    FOR EACH ROW EXECUTE FUNCTION keep_personnel_file();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("signon", "0007_terminal_key")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(model_name="officer", name="postings", field=models.JSONField(default=list)),
        migrations.CreateModel(
            name="PersonnelFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rows", models.JSONField()),
                ("reason", models.CharField(max_length=200)),
                ("loaded_by", models.CharField(max_length=32)),
                ("loaded_at", models.DateTimeField()),
                ("decided_by", models.CharField(blank=True, max_length=32)),
                ("decided_at", models.DateTimeField(null=True)),
                ("approved", models.BooleanField(null=True)),
            ],
            options={"db_table": "personnel_file"},
        ),
        migrations.RunSQL(RULES),
    ]
