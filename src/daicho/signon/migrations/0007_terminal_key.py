"""Terminals have a period and a key in their browser; those registered before stay without a key until they get one."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("signon", "0006_four_eyes")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(model_name="terminal", name="valid_from", field=models.DateField(null=True)),
        migrations.AddField(model_name="terminal", name="valid_to", field=models.DateField(null=True)),
        migrations.AddField(
            model_name="terminal", name="keyless", field=models.BooleanField(default=True), preserve_default=False
        ),
        migrations.AddField(model_name="terminal", name="public_key", field=models.JSONField(null=True)),
        migrations.AddField(model_name="terminal", name="key_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="terminal",
            name="enrolment",
            field=models.CharField(blank=True, default="", max_length=256),
            preserve_default=False,
        ),
        migrations.AddField(model_name="terminal", name="enrolment_until", field=models.DateTimeField(null=True)),
    ]
