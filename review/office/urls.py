"""The candidate's answer to a question. The reviewers' addresses are in review/site.py."""

from django.urls import path

from review.office import views

urlpatterns = [path("<int:key>/", views.question, name="question")]
