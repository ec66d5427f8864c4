"""The addresses of the batches."""

from django.urls import path

from daicho.register.screens import batches

urlpatterns = [
    path("batches", batches.batches, name="batches"),
    path("batches/jobs/<str:job>", batches.batch_job, name="batch-job"),
    path("batches/runs/<int:run_id>", batches.batch_run, name="batch-run"),
    path("batches/plans/<int:plan_id>", batches.batch_plan, name="batch-plan"),
    path("batches/files/<int:file_id>", batches.batch_file, name="batch-file"),
]
