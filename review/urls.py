"""The candidate's payment. The reviewers' addresses are in review/site.py."""

from django.urls import path

from review.views import notify, payment

app_name = "payment"
urlpatterns = [
    path("", payment.payment, name="pay"),
    path("receipt/", payment.receipt, name="receipt"),
    path("check/", payment.check, name="check"),
    path("<slug:provider>/", payment.go, name="go"),
    path("<slug:provider>/notify/", notify.notify, name="notify"),
]
