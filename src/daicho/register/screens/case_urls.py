"""The addresses of the desk's screens. A case number says nothing about a person."""

from django.urls import path

from daicho.register.screens import (
    cancellation,
    check,
    check_sheet,
    compare,
    conflict,
    entry,
    home,
    reception,
    review,
    suggestions,
    withdrawal,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("cases/new", reception.case_new, name="case-new"),
    path("household/<int:household_id>/changes/<int:change_id>/cancel", cancellation.case_cancel, name="case-cancel"),
    path(
        "household/<int:household_id>/leaving/<int:person_id>/withdraw",
        withdrawal.withdraw_move_out,
        name="withdraw-move-out",
    ),
    path("cases/suggest", suggestions.suggest, name="case-suggest"),
    path("cases/<str:number>/entry", entry.case_entry, name="case-entry"),
    path("cases/<str:number>/draft", entry.case_draft, name="case-draft"),
    path("cases/<str:number>/live", entry.case_live, name="case-live"),
    path("cases/<str:number>/take-over", entry.take_over, name="case-take-over"),
    path("cases/<str:number>/withdraw", entry.case_withdraw, name="case-withdraw"),
    path("cases/<str:number>/conflict", conflict.case_conflict, name="case-conflict"),
    path("cases/<str:number>/check", check.case_check, name="case-check"),
    path("cases/<str:number>/check/sheet", check_sheet.case_sheet, name="case-sheet"),
    path("cases/<str:number>/send", check.case_send, name="case-send"),
    path("cases/<str:number>/compare", compare.case_compare, name="case-compare"),
    path("review", review.review_queue, name="case-review-queue"),
    path("cases/<str:number>/review", review.case_review, name="case-review"),
    path("cases/<str:number>/review/take-over", review.review_take_over, name="case-review-take-over"),
    path("cases/<str:number>/rekey", review.case_rekey, name="case-rekey"),
    path("cases/<str:number>/approve", review.case_approve, name="case-approve"),
    path("cases/<str:number>/return", review.case_return, name="case-return"),
    path("cases/<str:number>/done", review.case_done, name="case-done"),
]
