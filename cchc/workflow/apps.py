from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "cchc.workflow"
    label = "workflow"
