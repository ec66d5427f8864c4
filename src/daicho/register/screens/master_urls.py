"""The addresses of what is kept beside the cases: alerts counted, masters, retention, same persons."""

from django.urls import path

from daicho.register.screens import alert_rates

urlpatterns = [
    path("alerts", alert_rates.alert_rates, name="alert-rates"),
]
