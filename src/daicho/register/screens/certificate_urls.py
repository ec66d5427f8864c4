"""The addresses of the certificate's screens."""

from django.urls import path

from daicho.register.screens import certificate

urlpatterns = [
    path("household/<int:household_id>/certificate", certificate.certificate_new, name="certificate-new"),
    path("household/<int:household_id>/certificates", certificate.certificate_history, name="certificate-history"),
    path("certificates/<int:application_id>", certificate.certificate_preview, name="certificate-preview"),
    path("certificates/<int:application_id>/release", certificate.certificate_release, name="certificate-release"),
    path("certificates/<int:application_id>/void", certificate.certificate_void, name="certificate-void"),
    path(
        "certificates/<int:application_id>/<int:certificate_id>/misprint",
        certificate.certificate_misprint,
        name="certificate-misprint",
    ),
    path(
        "certificates/page/<int:certificate_id>/<int:page>",
        certificate.certificate_page_image,
        name="certificate-page-image",
    ),
    path("certificates/pdf/<int:certificate_id>", certificate.certificate_pdf, name="certificate-pdf"),
]
