"""Reviews of user IDs and roles: decided line by line, each signed by another than who decided, then closed for good."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

RULES = """
CREATE UNIQUE INDEX rights_review_one_open ON rights_review ((true)) WHERE closed_at IS NULL;
ALTER TABLE rights_review_line ADD CONSTRAINT rights_review_line_not_by_oneself CHECK (decided_by <> officer);
ALTER TABLE rights_review_line ADD CONSTRAINT rights_review_line_decided CHECK
    (decision IN ('', 'keep', 'change', 'withdraw') AND (decision = '') = (decided_by = '')
     AND (decision = '') = (decided_at IS NULL) AND (decision = '') = (reason = ''));
ALTER TABLE rights_review_line ADD CONSTRAINT rights_review_line_two_people CHECK
    ((signed_by = '') = (signed_at IS NULL) AND (signed_by = '' OR (decision <> '' AND signed_by <> decided_by)));

CREATE FUNCTION keep_rights_review() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.closed_at IS NOT NULL OR (NEW.id, NEW.due, NEW.started_by, NEW.started_at)
        IS DISTINCT FROM (OLD.id, OLD.due, OLD.started_by, OLD.started_at) THEN
        RAISE EXCEPTION 'a review stays' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.closed_at IS NOT NULL AND EXISTS (
        SELECT FROM rights_review_line l WHERE l.review_id = NEW.id AND l.signed_by = '') THEN
        RAISE EXCEPTION 'a review is closed when all of it is signed' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rights_review_stays BEFORE UPDATE OR DELETE ON rights_review
    FOR EACH ROW EXECUTE FUNCTION keep_rights_review();

CREATE FUNCTION keep_rights_review_line() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND (OLD.signed_by <> '' OR (NEW.id, NEW.review_id, NEW.officer, NEW.told, NEW.responsible)
        IS DISTINCT FROM (OLD.id, OLD.review_id, OLD.officer, OLD.told, OLD.responsible))) THEN
        RAISE EXCEPTION 'what a review found stays' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM FROM rights_review r WHERE r.id = NEW.review_id AND r.closed_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a closed review stays' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rights_review_line_stays BEFORE INSERT OR UPDATE OR DELETE ON rights_review_line
    FOR EACH ROW EXECUTE FUNCTION keep_rights_review_line();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("signon", "0008_personnel")]

    operations: ClassVar[list[Operation]] = [
        migrations.CreateModel(
            name="RightsReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("due", models.DateField()),
                ("started_by", models.CharField(max_length=32)),
                ("started_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "rights_review"},
        ),
        migrations.CreateModel(
            name="RightsReviewLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("officer", models.CharField(max_length=32)),
                ("told", models.JSONField()),
                ("responsible", models.CharField(max_length=64)),
                ("decision", models.CharField(blank=True, max_length=8)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("decided_by", models.CharField(blank=True, max_length=32)),
                ("decided_at", models.DateTimeField(null=True)),
                ("signed_by", models.CharField(blank=True, max_length=32)),
                ("signed_at", models.DateTimeField(null=True)),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="signon.rightsreview"
                    ),
                ),
            ],
            options={"db_table": "rights_review_line"},
        ),
        migrations.AddConstraint(
            model_name="rightsreviewline",
            constraint=models.UniqueConstraint(fields=("review", "officer"), name="rights_review_line_once"),
        ),
        migrations.RunSQL(RULES),
    ]
