from django.urls import path

from cchc.documents.imports.urls import urlpatterns as imports
from cchc.documents.views import attachment, document, document_edit, document_files, document_move, letterhead

urlpatterns = [
    path("files/<uuid:pk>/", attachment.attachment_open, name="attachment_open"),
    *imports,
    path("papers/", document.document_list, name="document_list"),
    path("papers/about/<str:subject_type>/<uuid:pk>/", document.document_subject, name="document_subject"),
    path("papers/new/<slug:kind>/<uuid:pk>/", document.document_create, name="document_create"),
    path("papers/letterhead/", letterhead.letterhead_list, name="letterhead_list"),
    path("papers/letterhead/<slug:code>/", letterhead.letterhead_edit, name="letterhead_edit"),
    path("papers/<uuid:pk>/", document.document_show, name="document_show"),
    path("papers/<uuid:pk>/comment/", document.document_comment, name="document_comment"),
    path("papers/<uuid:pk>/edit/", document_edit.document_edit, name="document_edit"),
    path("papers/<uuid:pk>/edit/<slug:name>/", document_edit.document_lines, name="document_lines"),
    path("papers/<uuid:pk>/pages/", document_files.document_pages, name="document_pages"),
    path("papers/<uuid:pk>/paper.pdf", document_files.document_pdf, name="document_pdf"),
    path("papers/<uuid:pk>/paper.docx", document_files.document_docx, name="document_docx"),
    path("papers/<uuid:pk>/replace/", document_move.document_replace, name="document_replace"),
    path("papers/<uuid:pk>/do/<slug:action>/", document_move.document_move, name="document_move"),
]
