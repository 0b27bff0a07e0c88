"""{{ item|promise }}: whether what the last answer promised was done in time."""

from django import template
from django.utils.safestring import SafeString

from dialogues import presentation
from dialogues.models import Item

register = template.Library()


@register.filter
def promise(item: Item) -> SafeString:
    return presentation.promise(item)
