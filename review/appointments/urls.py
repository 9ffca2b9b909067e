"""The candidate's appointment. The desk's addresses are in review/site.py."""

from django.urls import path

from review.appointments import views

urlpatterns = [
    path("", views.appointment, name="appointment"),
    path("ics/", views.calendar, name="appointment_ics"),
]
