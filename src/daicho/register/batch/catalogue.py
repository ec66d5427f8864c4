"""All jobs, by code. A new job is one module in `jobs/` and one line here."""

from daicho.register.batch.jobs import (
    address,
    day_change,
    extract,
    files_away,
    lists,
    picked,
    rebuild,
    reseal,
    retention,
    take_over,
)
from daicho.register.batch.model import Job

JOBS: dict[str, Job] = {
    job.code: job
    for job in (
        *lists.JOBS,
        *picked.JOBS,
        extract.JOB,
        *address.JOBS,
        retention.JOB,
        take_over.JOB,
        rebuild.JOB,
        reseal.JOB,
        day_change.JOB,
        files_away.JOB,
    )
}
