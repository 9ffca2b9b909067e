from django.urls import path

from candidates.views import accounts, application, form

urlpatterns = [
    path("register/", accounts.register, name="register"),
    path("login/", accounts.log_in, name="login"),
    path("logout/", accounts.log_out, name="logout"),
    path("application/", application.overview, name="application"),
    path("application/start/", application.start, name="start"),
    path("application/edit/", form.edit, name="edit"),
    path("application/check/", form.check, name="check"),
    path("application/withdraw/", application.withdraw, name="withdraw"),
    path("application/earlier/<int:pk>/", application.earlier, name="earlier"),
]
