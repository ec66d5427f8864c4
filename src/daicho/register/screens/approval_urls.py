"""The addresses of approvals (S29)."""

from django.urls import path

from daicho.register.screens import approvals

urlpatterns = [
    path("approvals", approvals.approvals, name="approvals"),
    path("approvals/list/<str:tab>", approvals.approvals, name="approvals-tab"),
    path("approvals/new/<str:subject>", approvals.approval_new, name="approval-new"),
    path("approvals/<int:approval_id>", approvals.approval, name="approval"),
    path("approvals/<int:approval_id>/act", approvals.approval_act, name="approval-act"),
    path("approvals/<int:approval_id>/file", approvals.approval_file, name="approval-file"),
]
