"""How the papers of one unit look, where it differs from what Decree 30/2020 and the organization give."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Letterhead(models.Model):
    """Blank fields leave what the organization says."""

    unit = models.OneToOneField("organization.Unit", models.CASCADE, related_name="letterhead")
    superior = models.CharField(_("line above: the superior body"), max_length=200, blank=True)
    issuer = models.CharField(_("name of the issuing body"), max_length=200, blank=True)
    extra = models.CharField(_("line of the office's own under its name"), max_length=200, blank=True)
    symbol = models.CharField(_("symbol in numbers"), max_length=30, blank=True)
    drafter = models.CharField(_("symbol of the drafting unit"), max_length=30, blank=True)
    place = models.CharField(_("place before the date"), max_length=80, blank=True)
    family = models.CharField(_("typeface"), max_length=80, blank=True)
    size = models.PositiveSmallIntegerField(_("size of the text"), choices=[(13, "13"), (14, "14")], default=14)

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")
        constraints = (models.CheckConstraint(condition=models.Q(size__in=(13, 14)), name="letterhead_size"),)

    def __str__(self) -> str:
        return self.issuer or str(self.unit)
