"""バッチの管理 (STD 9.1): what ran and came to what, what is planned, and starting, planning, stopping, going on by keyboard."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daicho.access.actor import Actor, Output, Right
from daicho.access.approvals.content import canonical_condition
from daicho.access.decision import holds
from daicho.access.errors import NotAvailable
from daicho.law.eras import typed_day
from daicho.law.errors import DaichoError
from daicho.register.batch import files, plans, runs
from daicho.register.batch.catalogue import JOBS
from daicho.register.batch.errors import AlreadyWaiting, ParameterUnreadable, RunMoved
from daicho.register.batch.model import SYSTEM, Job, Run
from daicho.register.batch.rule import RULES, WEEKDAYS
from daicho.register.environment import current
from daicho.register.signon.door import DoorRequest, door
from daicho.register.signon.names import officer_names
from daicho.wire.environment import Connection

ERRORS_SHOWN = 200
NOW = "now"
SYSTEM_WORD = "システム"


@require_GET
@door(Right.BATCH_RUN)
def batches(request: DoorRequest) -> HttpResponse:
    """Runs, plans, and the jobs that this officer may start."""
    env = current()
    found, planned = runs.newest(env, request.actor), plans.plans(env, request.actor)
    with env.database.transaction() as connection:
        names = _names(connection, [*(one.officer for one in found), *(one.officer for one in planned)])
    context = {
        "lines": [(one, JOBS[one.job].word, names.get(one.officer, one.officer)) for one in found],
        "plans": [(one, JOBS[one.job].word, names.get(one.officer, one.officer)) for one in planned],
        "jobs": [job for job in JOBS.values() if _may_start(request.actor, job)],
        "system": SYSTEM,
        "failed": sum(one.status == "failed" for one in found),
    }
    return render(request, "register/batches.html", context)


def _may_start(actor: Actor, job: Job) -> bool:
    return holds(actor, job.right, on=current().clock.today())


def _names(connection: Connection, officers: list[str]) -> dict[str, str]:
    return {**officer_names(connection, officers), SYSTEM: SYSTEM_WORD}


@require_http_methods(["GET", "POST"])
@door(Right.BATCH_RUN)
def batch_job(request: DoorRequest, job: str) -> HttpResponse:
    """The form of a job with the parameters of last time, or those that a link gives; a POST starts it or plans it."""
    env = current()
    wanted = runs.job_for(request.actor, env, job)
    if request.method != "POST":
        given = {one.name: request.GET[one.name] for one in wanted.parameters if one.name in request.GET}
        return _form(request, wanted, {"rule": NOW, **given}, None)
    typed = {name: " ".join(request.POST.getlist(name)) for name in request.POST}
    try:
        if typed.get("rule", NOW) != NOW:
            plans.plan(env, request.actor, job, typed)
            return redirect("batches")
        run_id = runs.start(env, request.actor, job, typed)
    except (ParameterUnreadable, AlreadyWaiting) as error:
        return _form(request, wanted, typed, error)
    return redirect("batch-run", run_id)


def _form(request: DoorRequest, job: Job, typed: Mapping[str, str], error: DaichoError | None) -> HttpResponse:
    env = current()
    with env.database.transaction() as connection:
        before = runs.last_parameters(connection, job.code)
    boxes = [
        {
            "one": one,
            "value": typed.get(one.name, (before or {}).get(one.name, one.default)),
            "chosen": typed.get(one.name, (before or {}).get(one.name, one.default)).split() if one.is_many else [],
            "before": None if before is None else one.shown(before.get(one.name, "")),
        }
        for one in job.parameters
    ]
    context = {
        "job": job,
        "boxes": boxes,
        "rules": [(NOW, "今すぐ"), *RULES.items()],
        "weekdays": list(enumerate(WEEKDAYS)),
        "typed": {"rule": NOW, "at": "2100", "on": typed_day(env.clock.today()), "month_day": "1", **typed},
        "error": error,
    }
    return render(request, "register/batch_job.html", context, status=error.status if error else 200)


@require_http_methods(["GET", "POST"])
@door(Right.BATCH_RUN)
def batch_run(request: DoorRequest, run_id: int) -> HttpResponse:
    """How a run stands and what it came to; a POST stops it or lets it go on. `part` is the piece that renews itself."""
    error = None
    if request.method == "POST":
        try:
            _act(request, run_id)
            return redirect("batch-run", run_id)
        except (RunMoved, AlreadyWaiting) as refused:
            error = refused
    context = _shown(request.actor, run_id) | {"error": error}
    if request.GET.get("part") == "state":
        answer = render(request, "register/batch_state.html", context)
        if not context["run"].is_open:
            answer["HX-Refresh"] = "true"  # the keys of the page change when the run has ended
        return answer
    return render(request, "register/batch_run.html", context, status=error.status if error else 200)


def _act(request: DoorRequest, run_id: int) -> None:
    acts = {"stop": runs.stop, "resume": runs.resume}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise NotAvailable
    act(current(), request.actor, run_id)


def _shown(actor: Actor, run_id: int) -> dict[str, Any]:
    env = current()
    with env.database.transaction() as connection:
        run = runs.find(connection, run_id)
        names = _names(connection, [run.officer])
        kept = files.of_run(connection, run_id)
        errors = runs.errors_of(connection, run_id, ERRORS_SHOWN)
    job = JOBS[run.job]
    may_act = _may_start(actor, job)
    return {
        "run": run,
        "job": job,
        "officer": names.get(run.officer, run.officer),
        "files": kept,
        "parameters": _parameters(job, run),
        "errors": errors if may_act else [],
        "error_count": len(errors),
        "may_act": may_act,
        "summary": run.summary.items(),
        "condition": canonical_condition({"run": run.run_id}) if job.is_mass and run.status == "done" and kept else "",
    }


def _parameters(job: Job, run: Run) -> list[tuple[str, str, bool]]:
    return [(one.word, one.shown(run.parameters.get(one.name, "")), one.name in run.changed) for one in job.parameters]


@require_POST
@door(Right.BATCH_RUN)
def batch_plan(request: DoorRequest, plan_id: int) -> HttpResponse:
    """Take a plan back."""
    plans.end_plan(current(), request.actor, plan_id)
    return redirect("batches")


@require_GET
@door(Right.BATCH_RUN, output=Output.EXPORT)
def batch_file(request: DoorRequest, file_id: int) -> StreamingHttpResponse:
    """A result file, part by part."""
    opened = files.hand_out(current(), request.actor, file_id)
    answer = StreamingHttpResponse(opened.parts, content_type=opened.file.media)
    answer["Content-Disposition"] = f'attachment; filename="{opened.file.name}"'
    return answer
