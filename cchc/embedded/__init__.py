"""PostgreSQL and Valkey from wheels, and the one process that starts, watches and stops everything.

Only `management/` and `apps.py` may need Django's settings; all the rest runs before there are any.
"""
