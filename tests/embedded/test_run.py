"""The wrapper for tests and measurements."""

import subprocess
import sys
from pathlib import Path

from tests.embedded.conftest import SECONDS, clean_environment

SHOW = """
import os, pathlib, psycopg, redis
folder, name = os.environ["DATABASE_URL"].split("@/")[1].rsplit("/", 1)
with psycopg.connect(host=folder, user="cchc_owner", dbname=name) as connection:
    connection.execute("create table if not exists kept (n int)")
    connection.execute("insert into kept values (1)")
    print(connection.execute("select count(*) from kept").fetchone()[0])
redis.Redis(unix_socket_path=os.environ["REDIS_URL"].split("//")[1].split("?")[0]).ping()
print(pathlib.Path(os.environ["VAR_DIR"]).parent)
raise SystemExit(7)
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cchc.embedded.run", *arguments],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def test_the_exit_code_is_passed_on_and_nothing_stays():
    result = run("--", sys.executable, "-c", SHOW)
    assert result.returncode == 7, result.stderr
    count, home = result.stdout.split()
    assert count == "1"
    assert not Path(home).exists()


def test_a_kept_folder_keeps_its_data(tmp_path):
    for expected in ("1", "2"):
        result = run("--keep", str(tmp_path / "kept"), "--", sys.executable, "-c", SHOW)
        assert result.stdout.split() == [expected, str(tmp_path / "kept")], result.stderr
