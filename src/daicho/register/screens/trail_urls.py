"""The addresses of the trail (S26)."""

from django.urls import path

from daicho.register.screens import trail

urlpatterns = [
    path("trail", trail.start, name="trail"),
    path("trail/person", trail.ask_person, name="trail-ask"),
    path("trail/person/<int:number>", trail.person, name="trail-person"),
    path("trail/person/<int:number>/csv", trail.person_csv, name="trail-person-csv"),
    path("trail/person/<int:number>/pdf", trail.person_pdf, name="trail-person-pdf"),
    path("trail/officer", trail.officer, name="trail-officer"),
    path("trail/officer/csv", trail.officer_csv, name="trail-officer-csv"),
    path("trail/abnormal", trail.odd, name="trail-abnormal"),
    path("trail/abnormal/csv", trail.odd_csv, name="trail-abnormal-csv"),
    path("trail/namesakes", trail.alike, name="trail-namesakes"),
    path("trail/sign-ons", trail.sign_ons, name="trail-sign-ons"),
    path("trail/checkpoint", trail.checkpoint_file, name="trail-checkpoint"),
]
