"""The addresses of the batches, and of the manual."""

from django.urls import path

from daicho.register.screens import batches, manual

urlpatterns = [
    path("manual", manual.manual, name="manual"),
    path("manual/<slug:key>", manual.manual, name="manual-page"),
    path("batches", batches.batches, name="batches"),
    path("batches/jobs/<str:job>", batches.batch_job, name="batch-job"),
    path("batches/runs/<int:run_id>", batches.batch_run, name="batch-run"),
    path("batches/plans/<int:plan_id>", batches.batch_plan, name="batch-plan"),
    path("batches/files/<int:file_id>", batches.batch_file, name="batch-file"),
]
