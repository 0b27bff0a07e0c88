"""The calendar has no pages yet."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
