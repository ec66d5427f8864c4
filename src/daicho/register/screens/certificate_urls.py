"""The addresses of the certificate's screens. Only ids of the register, nothing about a person."""

from django.urls import path

from daicho.register.screens import certificate, issues, letters

urlpatterns = [
    path("household/<int:household_id>/certificate", certificate.certificate_new, name="certificate-new"),
    path(
        "household/<int:household_id>/certificate/preview", certificate.certificate_preview, name="certificate-preview"
    ),
    path("household/<int:household_id>/certificate/live", certificate.certificate_live, name="certificate-live"),
    path(
        "household/<int:household_id>/certificate/history", certificate.certificate_history, name="certificate-history"
    ),
    path(
        "household/<int:household_id>/certificate/<int:certificate_id>/misprint",
        certificate.certificate_misprint,
        name="certificate-misprint",
    ),
    path("household/<int:household_id>/letters", letters.letters, name="letters"),
    path("certificates/issues", issues.issues, name="issues"),
    path("certificates/inspection", issues.inspection, name="inspection"),
    path("certificates/verify", certificate.certificate_verify, name="certificate-verify"),
    path("certificates/service", certificate.certificate_service, name="certificate-service"),
    path("certificates/<int:application_id>", certificate.certificate, name="certificate"),
    path("certificates/<int:application_id>/release", certificate.certificate_release, name="certificate-release"),
    path("certificates/<int:application_id>/void", certificate.certificate_void, name="certificate-void"),
    path(
        "certificates/files/<int:certificate_id>/page/<int:page>.png",
        certificate.certificate_page_image,
        name="certificate-page-image",
    ),
    path("certificates/<int:certificate_id>/again", certificate.certificate_again, name="certificate-again"),
    path(
        "certificates/<int:certificate_id>/again/<int:page>.png",
        certificate.certificate_again_image,
        name="certificate-again-image",
    ),
    path("certificates/files/<int:certificate_id>.pdf", certificate.certificate_pdf, name="certificate-pdf"),
]
