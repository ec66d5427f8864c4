"""The addresses of the ledgers."""

from django.urls import path

from daicho.commons.ledgers import pages

urlpatterns = [
    path("ledgers", pages.ledgers, name="ledgers"),
    path("ledgers/<str:kind>", pages.ledger, name="ledger"),
    path("ledgers/<str:kind>/file", pages.ledger_file, name="ledger-file"),
    path("ledgers/entries/<int:entry_id>", pages.ledger_entry, name="ledger-entry"),
    path("ledgers/entries/<int:entry_id>/slip", pages.ledger_slip, name="ledger-slip"),
    path("ledgers/entries/<int:entry_id>/act", pages.ledger_act, name="ledger-act"),
]
