"""What is asked of the running containers: each a function whose name is the fact."""

import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

HOST = "portal.localhost"
UP = 900  # seconds for the first start on a busy machine


def wait_for(holds: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.5)


def run(project: Path, place: Path) -> int:
    """Copy what a host has, start it, ask everything, take it down; 1 where something was not as it should be."""
    portal = Portal(project, place)
    wrong = 0
    steps = [
        portal.comes_up_as_docs_production_says,
        portal.every_setting_of_the_env_file_arrives,
        portal.it_answers_through_the_proxy_by_tls,
        portal.each_replica_is_asked_by_its_own_address,
        portal.who_asked_is_kept_apart_and_every_line_is_json,
        portal.commands_read_and_write_the_work_folder,
        portal.a_backup_is_made_and_its_drill_goes_well,
        portal.what_is_killed_comes_back,
        portal.nothing_writes_outside_its_volumes,
        portal.an_upgrade_and_a_rollback,
        portal.all_stop_within_their_grace,
    ]
    for step in steps:
        begun, name = time.monotonic(), step.__name__.replace("_", " ")
        try:
            seen, mark = step() or "", "ok    "
        except (AssertionError, subprocess.SubprocessError, OSError) as error:
            seen, mark, wrong = f"{error} {getattr(error, 'stderr', '') or ''}"[-1500:], "FAILED", wrong + 1
        print(f"{mark} {time.monotonic() - begun:5.0f} s  {name}  {seen}", flush=True)
        if wrong and step == steps[0]:
            print(
                portal.docker("compose", "ps", "-a", check=False), portal.docker("compose", "logs", check=False)[-6000:]
            )
            break
    portal.docker("compose", "down", "-v", "-t", "20", check=False)
    return 1 if wrong else 0


class Portal:
    def __init__(self, project: Path, place: Path):
        self.folder = place / "portal"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        for name in ("docker-compose.yml", "Dockerfile"):
            shutil.copy(project / name, self.folder / name)
        (self.folder / "nmec_portal" / "deploy").mkdir(parents=True)
        for name in ("portal", "pg_hba.conf"):
            shutil.copy(project / "nmec_portal/deploy" / name, self.folder / "nmec_portal/deploy" / name)

    def docker(self, *words: str, check: bool = True) -> str:
        done = subprocess.run(["docker", *words], cwd=self.folder, capture_output=True, text=True, timeout=UP)
        assert not check or done.returncode == 0, f"docker {' '.join(words)}: {done.stdout[-800:]}{done.stderr[-800:]}"
        return done.stdout + ("" if check else done.stderr)

    def portal(self, *words: str) -> str:
        script = [self.folder / "nmec_portal/deploy/portal", *words]
        done = subprocess.run(script, cwd=self.folder, capture_output=True, text=True, timeout=UP)
        assert done.returncode == 0, f"portal {' '.join(words)}: {done.stdout[-800:]}{done.stderr[-800:]}"
        return done.stdout

    def manage(self, *words: str) -> str:
        return self.docker("compose", "run", "--rm", "-T", "web", "python", "manage.py", *words)

    def containers(self, service: str) -> list[str]:
        return self.docker("compose", "ps", "-q", service).split()

    def versions(self) -> set[str]:
        """What web's containers were made of, by the name that was asked for: both names are of one image."""
        said = self.docker("inspect", "-f", "{{.Config.Image}}", *self.containers("web"))
        return {one.partition(":")[2] for one in said.split()}

    def ask(self, path: str) -> tuple[int, str]:
        """GET by TLS through the proxy, as HOST, with the certificate that was made for it."""
        trusting = ssl.create_default_context(cafile=self.folder / "secrets/tls/fullchain.pem")
        with (
            socket.create_connection(("127.0.0.1", 443), 30) as plain,  # nobody here knows the name
            trusting.wrap_socket(plain, server_hostname=HOST) as sealed,
        ):
            connection = http.client.HTTPSConnection(HOST)
            connection.sock = sealed
            connection.request("GET", path, headers={"Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    # --- what is asked

    def comes_up_as_docs_production_says(self) -> str:
        tls = self.folder / "secrets" / "tls"
        tls.mkdir(parents=True)
        self.folder.joinpath("secrets").chmod(0o700)
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", f"/CN={HOST}"]
        made += ["-addext", f"subjectAltName=DNS:{HOST}", "-keyout", "privkey.pem", "-out", "fullchain.pem"]
        subprocess.run(made, cwd=tls, check=True, capture_output=True)
        (tls / "privkey.pem").chmod(0o444)
        self.folder.joinpath(".env").write_text("NMEC_VERSION=1.0\nNMEC_PICTURE_MIN_SIDE=201\nNMEC_SMS_A_DAY=1234\n")
        begun = time.monotonic()
        # the images are there: `compose build` has nothing to fetch them with in here
        script = (self.folder / "nmec_portal/deploy/portal").read_text().replace("    compose build\n", "")
        (self.folder / "nmec_portal/deploy/portal").write_text(script)
        self.portal("install", "--host", HOST, "--smtp", "smtp://127.0.0.1:25", "--operators", "first:甲,second:乙")
        return f"{time.monotonic() - begun:.0f} s with portal install"

    def every_setting_of_the_env_file_arrives(self) -> str:
        code = "from django.conf import settings as s; print(s.PICTURE_MIN_SIDE, s.SMS_A_DAY, s.BASE_URL)"
        said = self.manage("shell", "--no-imports", "-v0", "-c", code).strip()
        assert said == f"201 1234 https://{HOST}", said
        return said

    def it_answers_through_the_proxy_by_tls(self) -> str:
        seen = [self.ask(path)[0] for path in ("/", "/login/", "/readyz", "/static/css/portal.css", "/no/such/")]
        assert seen[:3] == [200, 200, 200], seen
        assert seen[4] == 404, seen
        return str(seen)

    def each_replica_is_asked_by_its_own_address(self) -> str:
        web = self.containers("web")
        assert len(web) == 2, web
        token = (self.folder / "secrets/metrics_token").read_text().strip()
        for one in web:
            networks = json.loads(self.docker("inspect", one))[0]["NetworkSettings"]["Networks"]
            address = next(net["IPAddress"] for name, net in networks.items() if name.endswith("outside"))
            request = urllib.request.Request(
                f"http://{address}:8000/metrics", headers={"Authorization": f"Bearer {token}"}
            )
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
                assert b"nmec_requests_total" in answer.read()
        return f"{len(web)} replicas"

    def who_asked_is_kept_apart_and_every_line_is_json(self) -> str:
        proxy = self.containers("proxy")[0]
        kept = self.docker("exec", proxy, "sh", "-c", "cat /srv/access/*.jsonl").splitlines()
        rows = [json.loads(line) for line in kept]
        assert rows and all(re.fullmatch(r"[0-9.]+", one["address"]) for one in rows), kept[:3]
        for service in ("proxy", "web", "worker"):
            for one in self.containers(service):
                for line in self.docker("logs", one, check=False).splitlines():
                    assert line.startswith("{") and json.loads(line), f"{service}: {line}"
                    assert "address" not in json.loads(line), line
        return f"{len(rows)} lines of who asked"

    def commands_read_and_write_the_work_folder(self) -> str:
        units = self.folder / "work" / "units.csv"
        units.write_text("code,name\n11,北京考区\n1101,北京一考点\n1101001,北京一考点第一报名点\n")
        os.chown(units, 10001, 10001)
        self.manage("load_units", "/work/units.csv", "--dry-run")
        return self.manage("load_units", "/work/units.csv").strip().splitlines()[-1]

    def a_backup_is_made_and_its_drill_goes_well(self) -> str:
        self.portal("backup", "monday")
        return self.portal("restore", "monday").strip().splitlines()[-1]

    def what_is_killed_comes_back(self) -> str:
        times = []
        for service in ("db", "web", "worker", "proxy"):
            one, begun = self.containers(service)[0], time.monotonic()
            state = json.loads(self.docker("inspect", one))[0]["State"]
            os.kill(int(state["Pid"]), 9)
            wait_for(lambda one=one, state=state: self._is_another(one, state["StartedAt"]), 60)
            wait_for(self._is_ready, 90)
            times.append(f"{service} {time.monotonic() - begun:.0f} s")
        return ", ".join(times)

    def _is_ready(self) -> bool:
        try:
            return self.ask("/readyz")[0] == 200
        except OSError:  # the proxy is the one that was killed, and is not back yet
            return False

    def _is_another(self, one: str, started: str) -> bool:
        state = json.loads(self.docker("inspect", one))[0]["State"]
        return state["Running"] and state["StartedAt"] != started

    def nothing_writes_outside_its_volumes(self) -> str:
        everything = self.docker("compose", "ps", "-q").split()
        written = {one[:12]: said for one in everything if (said := self.docker("diff", one).strip())}
        # docker itself makes the places that it mounts on, also that of its own init
        mounted = re.compile(r"[AC] /((run|srv|work|etc|tmp|var)(/.*)?|usr|usr/sbin|usr/sbin/docker-init)")
        for said in written.values():
            assert all(mounted.fullmatch(line) for line in said.splitlines()), said
        refused = self.docker("compose", "exec", "-T", "web", "sh", "-c", "touch /srv/portal/x; echo $?", check=False)
        assert "Read-only file system" in refused, refused
        return f"{len(everything)} containers"

    def an_upgrade_and_a_rollback(self) -> str:
        for name in ("web", "proxy"):  # the next version: the same, by another name
            self.docker("tag", f"nmec-portal-{name}:1.0", f"nmec-portal-{name}:1.1")
        script = self.folder / "nmec_portal/deploy/portal"
        script.write_text(script.read_text().replace("NMEC_VERSION=$new docker compose build ||", "true ||"))
        up = self.portal("upgrade", "1.1")
        assert self.versions() == {"1.1"}, self.versions()
        self.portal("rollback")
        assert self.versions() == {"1.0"}, self.versions()
        assert self.ask("/readyz")[0] == 200
        return up.strip().splitlines()[-1]

    def all_stop_within_their_grace(self) -> str:
        begun = time.monotonic()
        everything = self.docker("compose", "ps", "-q").split()
        self.docker("compose", "stop")
        codes = {one[:8]: json.loads(self.docker("inspect", one))[0]["State"]["ExitCode"] for one in everything}
        assert 137 not in codes.values(), codes  # killed, as it did not end by itself
        return f"{time.monotonic() - begun:.0f} s"
