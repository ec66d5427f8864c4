"""The addresses of suppression and protection. Ids of the register alone."""

from django.urls import path

from daicho.register.screens import openings, protected, protection, suppressed, suppression

urlpatterns = [
    path("person/<int:person_id>/protect", protected.protect, name="protect"),
    path("person/<int:person_id>/opening", openings.opening_new, name="opening-new"),
    path("person/<int:person_id>/suppressions", suppression.suppressions, name="suppressions"),
    path("suppressed", suppressed.suppressed_list, name="suppressed"),
    path("suppressed/file", suppressed.suppressed_file, name="suppressed-file"),
    path("protections", protection.protections, name="protections"),
    path("protections/release", protection.protections_release, name="protections-release"),
    path("protections/<int:protection_id>", protection.protection, name="protection"),
    path("protections/<int:protection_id>/start-notice", protection.start_notice, name="protection-start-notice"),
    path("protections/<int:protection_id>/end-notice", protection.end_notice, name="protection-end-notice"),
    path("openings", openings.openings_list, name="openings"),
    path("openings/<int:opening_id>", openings.opening_decide, name="opening-decide"),
]
