"""Sessions opened on the word of a provider, and a count of changes to officers, roles and terminals."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

COUNT = """
INSERT INTO directory_state (one, version) VALUES (true, 1);
ALTER TABLE directory_state ADD CONSTRAINT directory_state_one CHECK (one);
CREATE FUNCTION count_directory_change() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE directory_state SET version = version + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER officer_counted AFTER INSERT OR DELETE
    OR UPDATE OF name, department, office, active, valid_from, valid_to, withdrawn_on ON officer
    FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();
CREATE TRIGGER officer_role_counted AFTER INSERT OR DELETE OR UPDATE ON officer_role
    FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();
CREATE TRIGGER terminal_counted AFTER INSERT OR DELETE OR UPDATE ON terminal
    FOR EACH STATEMENT EXECUTE FUNCTION count_directory_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("signon", "0003_people")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(model_name="officersession", name="provider_token", field=models.BinaryField(null=True)),
        migrations.AddField(model_name="officersession", name="asked_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="officersession", name="heard_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="officersession",
            name="unlock_hash",
            field=models.CharField(blank=True, default="", max_length=256),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="DirectoryState",
            fields=[
                ("one", models.BooleanField(primary_key=True, serialize=False)),
                ("version", models.BigIntegerField()),
                ("taken", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "directory_state"},
        ),
        migrations.RunSQL(COUNT),
    ]
