from django.urls import path

from cchc.documents.imports.urls import urlpatterns as imports
from cchc.documents.views import attachment

urlpatterns = [path("files/<uuid:pk>/", attachment.attachment_open, name="attachment_open"), *imports]
