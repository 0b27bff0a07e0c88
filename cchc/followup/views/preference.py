"""How one wants to be told: a page of one's own account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cchc.followup.channels import channels
from cchc.followup.domain.preference import prefer
from cchc.followup.forms.preference import PreferenceForm


@require_http_methods(["GET", "HEAD", "POST"])
def preference_edit(request: HttpRequest) -> HttpResponse:
    form = PreferenceForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_bound and form.is_valid():
        prefer(request.user, form.wanted())
        messages.success(request, _("Your choice is saved."))
        return redirect("preference_edit")
    crumbs = [(_("My details"), reverse("profile")), (_("Notices by e-mail"), "")]
    context = {"form": form, "sends": bool(channels()), "crumbs": crumbs}
    return render(request, "followup/preference_edit.html", context, status=400 if form.is_bound else 200)
