"""The addresses of the register's screens. No address holds personal data."""

from django.urls import path

from daicho.register.screens import (
    address_changes,
    awaited,
    change_search,
    headless,
    household,
    memos,
    past,
    removed,
    search,
    unnumbered,
)

urlpatterns = [
    path("search", search.start, name="search"),
    path("search/<int:number>", search.result, name="search-result"),
    path("search/<int:number>/pair", search.pair, name="search-pair"),
    path("household/<int:household_id>", household.household, name="household"),
    path("household/<int:household_id>/past", past.household_past, name="household-past"),
    path("household/<int:household_id>/compare", past.household_compare, name="household-compare"),
    path("person/<int:person_id>", household.person, name="person"),
    path("person/<int:person_id>/records/<int:record_no>", removed.removed_record, name="removed-record"),
    path("person/<int:person_id>/number/<str:kind>", household.number, name="person-number"),
    path("person/<int:person_id>/changes", change_search.change_search, name="change-search"),
    path("person/<int:person_id>/memos", memos.person_memos, name="person-memos"),
    path("person/<int:person_id>/memos/new", memos.memo_new, name="memo-new"),
    path("person/<int:person_id>/memos/<int:memo_id>", memos.memo_change, name="memo-change"),
    path("headless", headless.headless_list, name="headless"),
    path("headless/file", headless.headless_file, name="headless-file"),
    path("arrival-notices", awaited.awaited_list, name="awaited"),
    path("arrival-notices/file", awaited.awaited_file, name="awaited-file"),
    path("arrival-notices/receive", awaited.receive_notice, name="receive-notice"),
    path("address-changes", address_changes.address_changes, name="address-changes"),
    path("address-changes/<int:batch_id>", address_changes.batch, name="address-batch"),
    path("address-changes/<int:batch_id>/register", address_changes.batch_register, name="address-batch-register"),
    path("resident-codes", unnumbered.unnumbered, name="unnumbered"),
    path("resident-codes/warning", unnumbered.code_warning, name="code-warning"),
]
