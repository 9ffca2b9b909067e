from django.urls import path

from candidates.views import accounts, application, form, mobiles, my_account, pages, passwords, requirements

urlpatterns = [
    path("register/", accounts.register, name="register"),
    path("login/", accounts.log_in, name="login"),
    path("logout/", accounts.log_out, name="logout"),
    path("password/", passwords.ask, name="password"),
    path("password/code/", passwords.by_code, name="password_code"),
    path("password/change/", passwords.change, name="password_change"),
    path("mobile/", mobiles.ask, name="confirm_mobile"),
    path("mobile/code/", mobiles.by_code, name="mobile_code"),
    path("application/", application.overview, name="application"),
    path("application/start/", application.start, name="start"),
    path("application/edit/", form.edit, name="edit"),
    path("application/check/", form.check, name="check"),
    path("application/withdraw/", application.withdraw, name="withdraw"),
    path("application/earlier/<int:pk>/", application.earlier, name="earlier"),
    path("account/", my_account.account, name="account"),
    path("account/data/", my_account.download, name="my_data"),
    path("account/delete/", my_account.delete, name="delete_account"),
    path("messages/", pages.inbox, name="messages"),
    path("requirements/", requirements.requirements, name="requirements"),
    path("units/", pages.units, name="units"),
    path("help/", pages.guide, name="help"),
    path("privacy/", pages.privacy, name="privacy"),
]
