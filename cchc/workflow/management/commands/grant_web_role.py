from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from psycopg import sql

# The web writes rows; it owns no table, and of the ledger it may only add and read.
GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE UPDATE, DELETE, TRUNCATE ON workflow_event FROM {role}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
)


class Command(BaseCommand):
    help = "Give the web's database role what it needs and nothing more; run as the owner after every migration."

    def handle(self, *args: Any, **options: Any) -> None:
        role = sql.Identifier(settings.WEB_ROLE)
        with connection.cursor() as cursor:
            for grant in GRANTS:
                cursor.execute(sql.SQL(grant).format(role=role))
        self.stdout.write(f"{settings.WEB_ROLE}: granted")
