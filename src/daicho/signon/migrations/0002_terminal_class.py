"""The class of a terminal. Those registered before stood at counters and printed: they become counter terminals."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies: ClassVar[list[tuple[str, str]]] = [("signon", "0001_signon")]

    operations: ClassVar[list[Operation]] = [
        migrations.AddField(
            model_name="terminal",
            name="terminal_class",
            field=models.CharField(default="counter", max_length=16),
            preserve_default=False,
        ),
    ]
