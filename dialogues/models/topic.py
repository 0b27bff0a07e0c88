"""The two axes an item is classified by: CCHC content (in versioned sets of six) and professional field."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language


class Named(models.Model):
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name


class TopicSetQuerySet(models.QuerySet["TopicSet"]):
    def on(self, day: date) -> TopicSet | None:
        """The set in force on *day*."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day).first()


class TopicSet(models.Model):
    """The contents of one national program: 30c/NQ-CP for 2011-2020, 76/NQ-CP for 2021-2030."""

    code = models.SlugField(unique=True)
    basis = models.CharField(max_length=200)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = TopicSetQuerySet.as_manager()

    class Meta:
        ordering = ("-valid_from",)

    def __str__(self) -> str:
        return self.basis


class Topic(Named):
    set = models.ForeignKey(TopicSet, models.PROTECT, related_name="topics")
    code = models.SlugField()

    class Meta:
        ordering = ("set", "order")
        constraints = (models.UniqueConstraint(fields=["set", "code"], name="topic_once_in_set"),)


class Field(Named):
    """A professional field: residence, identity cards, vehicle registration …"""

    code = models.SlugField(unique=True)

    class Meta:
        ordering = ("order",)
