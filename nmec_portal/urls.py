from django.contrib import admin
from django.urls import include, path, re_path

from candidates.views import requirements
from nmec_portal import views
from review.site import site as review_site
from review.views import board, receipts

urlpatterns = [
    path("", views.home, name="home"),
    # before the notices' own, which takes any code
    re_path(r"^verify/(?P<order>[0-9]{4}[0-9A-Z]{16})/$", receipts.verify, name="verify_receipt"),
    path("", include("materials.urls")),  # before the others: uploads and pictures are most of what is asked for
    # nobody is logged in on a waiting room's screen
    path("review/desk/board/<str:token>/", board.board, name="board"),
    path("review/", review_site.urls),
    path("admin/materials/preview/", admin.site.admin_view(requirements.preview), name="requirements_preview"),
    path("admin/", admin.site.urls),
    path("payment/", include("review.payments.urls")),
    path("question/", include("review.office.urls")),
    path("appointment/", include("review.appointments.urls")),
    path("healthz", views.alive, name="healthz"),
    path("readyz", views.ready, name="readyz"),
    path("session/", views.session, name="session"),
    path("metrics", views.tell_metrics, name="metrics"),
    path("help/candidates/", views.candidates_guide, name="candidates_guide"),
    path("help/reviewers/", views.reviewers_guide, name="reviewers_guide"),
    path("help/operators/", views.operators_guide, name="operators_guide"),
    path("", include("candidates.urls")),
]

handler400 = "nmec_portal.views.bad_request"
handler404 = "nmec_portal.views.not_found"
handler500 = "nmec_portal.views.server_error"
