from django.urls import include, path

from nmec_portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.alive, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("", include("materials.urls")),
]
