"""The candidate's payment. The reviewers' addresses are in review/site.py."""

from django.urls import path

from review.payments import notify, views
from review.views import receipts

app_name = "payment"
urlpatterns = [
    path("", views.payment, name="pay"),
    path("receipt.pdf", receipts.receipt, name="receipt"),
    path("check/", views.check, name="check"),
    path("wechat/window/", views.window, name="window"),
    path("<slug:provider>/", views.go, name="go"),
    path("<slug:provider>/notify/", notify.notify, name="notify"),
]
