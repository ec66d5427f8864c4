"""The addresses of what is kept beside the cases: alerts counted, masters, retention, same persons, the wire."""

from django.urls import path

from daicho.register.screens import (
    advanced,
    alert_rates,
    masters,
    retention,
    same_person,
    town_dictionary,
    widened,
    wire_backlog,
)

urlpatterns = [
    path("alerts", alert_rates.alert_rates, name="alert-rates"),
    path("masters", masters.masters, name="masters"),
    path("masters/dictionary", town_dictionary.town_dictionary, name="town-dictionary"),
    path("masters/<str:key>", masters.masters, name="masters-list"),
    path("masters/changes/<int:change_id>", masters.master_act, name="master-act"),
    path("retention", retention.retention, name="retention"),
    path("retention/<int:disposal_id>", retention.disposal_act, name="retention-act"),
    path("wire", wire_backlog.wire_backlog, name="wire-backlog"),
    path("decisions", widened.decisions, name="case-decisions"),
    path("cases/<str:number>/hand-over", widened.hand_over_case, name="case-hand-over"),
    path("search/advanced", advanced.advanced, name="search-advanced"),
    path("same-person", same_person.same_person, name="same-person"),
    path("same-person/new", same_person.link_new, name="same-person-new"),
    path("same-person/<int:link_id>", same_person.link_act, name="same-person-act"),
]
