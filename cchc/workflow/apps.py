from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "cchc.workflow"
    label = "workflow"

    def ready(self) -> None:
        from cchc.workflow import handing  # noqa: F401  its flow declares itself
