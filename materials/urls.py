from django.urls import path

from materials.views import desk, images, upload

app_name = "materials"
urlpatterns = [
    path("materials/", desk.desk, name="desk"),
    path("materials/submit/", desk.submit, name="submit"),
    path("materials/images/<uuid:image_id>/", images.picture, name="picture"),
    path("materials/images/<uuid:image_id>/thumbnail/", images.thumbnail, name="thumbnail"),
    path("materials/images/<uuid:image_id>/delete/", images.delete, name="delete"),
    path("materials/<slug:category>/", upload.upload, name="upload"),
]
