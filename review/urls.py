"""The candidate's payment. The reviewers' addresses are in review/site.py."""

from django.urls import path

from review.views import payment

app_name = "payment"
urlpatterns = [
    path("", payment.payment, name="pay"),
    path("receipt/", payment.receipt, name="receipt"),
]
