"""The addresses of officers and their rights (S27)."""

from django.urls import path

from daicho.signon.screens import officer_rights, officers, personnel, review, sign_ons, terminals

urlpatterns = [
    path("officers", officers.officers, name="officers"),
    path("officers/issue", officers.officer_issue, name="officer-issue"),
    path("officers/decide", officers.officer_decide, name="officer-decide"),
    path("officers/act", officers.officer_act, name="officer-act"),
    path("officers/unused", officers.officers_unused, name="officers-unused"),
    path("officers/revocations", officers.officers_ledger, name="officers-ledger"),
    path("officers/sign-ons", sign_ons.sign_ons, name="officers-sign-ons"),
    path("officers/personnel", personnel.personnel, name="officers-personnel"),
    path("officers/personnel/load", personnel.personnel_load, name="personnel-load"),
    path("officers/personnel/decide", personnel.personnel_decide, name="personnel-decide"),
    path("officers/review", review.review, name="officers-review"),
    path("officers/review/start", review.review_start, name="review-start"),
    path("officers/review/decide", review.review_decide, name="review-decide"),
    path("officers/review/sign", review.review_sign, name="review-sign"),
    path("terminals", terminals.terminal_list, name="terminals"),
    path("terminals/put", terminals.terminal_put, name="terminal-put"),
    path("terminals/act", terminals.terminal_act, name="terminal-act"),
    path("officers/rights", officer_rights.officer_rights, name="officer-rights"),
]
