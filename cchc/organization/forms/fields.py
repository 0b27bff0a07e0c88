"""Fields that other forms use too: a day, a unit found by typing, and how a refusal of the domain gets into a form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cchc.organization.models import Unit
from cchc.web.text import clean, fold

SHOWN = 5  # of several units that fit


class DayField(forms.DateField):
    """A calendar day, by the browser's own picker; typed as 25/11/2026 as well."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        options.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"])
        super().__init__(**options)


class UnitWidget(forms.TextInput):
    """A text field that proposes units while one types; without JavaScript code or name is typed in full."""

    template_name = "organization/unit_widget.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["options_url"] = reverse_lazy("unit_options")
        return context

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        # Django's own renderer does not know the project's templates.
        return render_to_string(template_name, context)


class UnitField(forms.CharField):
    """A unit by its code, or by its name if only one has it; *units* are those that may be chosen."""

    widget = UnitWidget

    def __init__(self, *, units: QuerySet[Unit] | None = None, **options: Any) -> None:
        self.units = Unit.objects.none() if units is None else units
        options.setdefault("max_length", 300)
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            value = Unit.objects.filter(pk=value).first()
        return f"{value.code} - {value.name}" if isinstance(value, Unit) else value

    def to_python(self, value: Any) -> Any:
        text = clean(str(value or ""))
        return self._find(text) if text else None

    def _find(self, text: str) -> Unit:
        code = text.partition(" - ")[0].strip()
        exact = self.units.filter(code__iexact=code).first()
        if exact is not None:
            return exact
        found = list(self.units.search(text).in_order()[: SHOWN + 1])
        named = [unit for unit in found if fold(text) in (fold(unit.name), fold(unit.short_name))]
        if len(named) == 1 or len(found) == 1:
            return (named or found)[0]
        if not found:
            raise ValidationError(_("There is no such unit within your reach. Type its code or a part of its name."))
        codes = ", ".join(f"{unit.code} ({unit.name})" for unit in found[:SHOWN])
        raise ValidationError(_("Several units fit: %(codes)s. Type the code.") % {"codes": codes})

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Lengths and characters were judged before the unit was found."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "")


@contextmanager
def refusals_in(form: forms.BaseForm) -> Iterator[None]:
    """What the domain refuses stands beside the fields it names, and the view goes on to show the form."""
    try:
        yield
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                form.add_error(name if name in form.fields else None, errors)
        else:
            form.add_error(None, error)
