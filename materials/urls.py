from django.urls import path

from materials.views import desk, documents, images, recall, upload

app_name = "materials"
urlpatterns = [
    path("application/earlier/<int:pk>/pictures/delete/", images.delete_withdrawn, name="delete_withdrawn"),
    path("materials/", desk.desk, name="desk"),
    path("materials/submit/", desk.submit, name="submit"),
    path("materials/images/<uuid:image_id>/", images.picture, name="picture"),
    path("materials/images/<uuid:image_id>/thumbnail/", images.thumbnail, name="thumbnail"),
    path("materials/images/<uuid:image_id>/thumbnail/<slug:stamp>/", images.kept_thumbnail, name="kept_thumbnail"),
    path("materials/images/<uuid:image_id>/delete/", images.delete, name="delete"),
    path("materials/images/<uuid:image_id>/move/", images.move, name="move"),
    path("materials/<slug:category>/", upload.upload, name="upload"),
    path("application/recall/", recall.recall, name="recall"),
    path("application/documents/", documents.offered, name="documents"),
    path("application/documents/<slug:slug>.pdf", documents.document, name="document"),
    path("application/correction.pdf", documents.correction, name="correction"),
    path("forms/<slug:slug>.pdf", documents.blank_form, name="blank_form"),
    path("verify/<str:code>/", documents.verify, name="verify"),
]
