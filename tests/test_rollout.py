"""A rollout of step 09, rehearsed: three pods behind nginx, under load, and what happens to them.

No cluster can be had here. nginx stands in for the Service and knows of a pod what readiness says;
the pods are containers, confined as the manifests confine them, ended as Kubernetes ends them.
"""

import collections
import contextlib
import http.client
import json
import subprocess
import threading
import time
import urllib.parse
import uuid

import pytest

from tools import postgres, steps

STEP = steps.find("09-k8s")
PATIENCE = 60  # seconds until a container answers
TRIES = 5  # a client's, where the edge closes its connection unread
CLIENTS = 6
PASSWORDS = ["--env", "POSTGRES_PASSWORD=zoo", "--env", "PGPASSWORD=zoo"]
CONFINED = ["--user", "10001:10001", "--cap-drop", "ALL", "--read-only", "--memory", "512m"]
CONFINED += ["--security-opt", "no-new-privileges", "--no-healthcheck"]
READ = "/graphql?query=" + urllib.parse.quote("{ animals(first: 5) { nodes { name } } }")
NGINX = """
events {}
http {
  access_log off;
  upstream api {
    zone api 64k;
    %s
  }
  server {
    listen 8080;
    location / {
      proxy_pass http://api;
      proxy_connect_timeout 2s;
      proxy_read_timeout 10s;
    }
  }
}
"""


def docker(*arguments, check=True):
    """Run `docker`; return what it printed, without the last line's end."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True)
    assert not check or done.returncode == 0, done.stderr
    return done.stdout.strip()


def until(happened):
    """Wait for something to be true."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def ask(port, path=READ, tries=TRIES):
    """Ask a port of this machine; return the status and the codes of the errors.

    An nginx that is told of new pods closes connections on which it has read nothing yet. Clients
    ask again then, as RFC 9112 has it (9.3.1). What a pod does wrong is nginx's 502 or 504.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("GET", path, headers={"Accept": "application/json"})
        response = connection.getresponse()
        body = response.read()
    except (ConnectionResetError, http.client.RemoteDisconnected):
        return ask(port, path, tries - 1) if tries > 1 else (0, ["closed"])
    except (OSError, http.client.HTTPException):
        return 0, ["no answer"]
    finally:
        connection.close()
    try:
        errors = json.loads(body).get("errors", [])
    except ValueError:
        return response.status, ["not from the app"]
    return response.status, [error["extensions"]["code"] for error in errors]


class Service:
    """Pods of one image behind nginx, beside a database; all on a network of their own."""

    def __init__(self, folder):
        self.mark = uuid.uuid4().hex[:8]
        self.image, self.network = f"test-rollout-{self.mark}", f"test-rollout-{self.mark}"
        self.folder, self.pods, self.made = folder, [], 0
        url = "postgres://postgres:zoo@db:5432/postgres?connect_timeout=3"
        self.confined = [*CONFINED, "--env", f"DATABASE_URL={url}"]
        docker("build", "--quiet", "--tag", self.image, str(STEP.folder))
        docker("network", "create", self.network)
        self.database = self.start("postgres:18", "db", *PASSWORDS)
        self.psql("SELECT 1")
        migrate = ["flask", "--app", "manage", "db", "upgrade"]
        docker("run", "--rm", "--network", self.network, *self.confined, self.image, *migrate)
        for _ in range(3):
            self.pods.append(self.pod())
        (folder / "nginx.conf").write_text(self.configuration(), encoding="utf-8")
        mounted = ["--volume", f"{folder}/nginx.conf:/etc/nginx/nginx.conf:ro"]
        self.edge = self.start("nginx:stable", "edge", *mounted, publish=8080)
        self.port = self.published(self.edge, 8080)

    def start(self, image, name, *options, publish=None):
        """Start a container; return its name."""
        full = f"test-rollout-{self.mark}-{name}"
        port = ["--publish", f"127.0.0.1::{publish}"] if publish else []
        known = ["--network", self.network, "--network-alias", name]
        docker("run", "--detach", "--name", full, *known, *port, *options, image)
        return full

    def published(self, container, port):
        """Return where a container's port is found on this machine."""
        return int(docker("port", container, str(port)).rpartition(":")[2])

    def psql(self, statement):
        """Run SQL as soon as the database takes it."""
        told = ["exec", self.database, "psql", "-h", "127.0.0.1", "-U", "postgres", "-c", statement]
        until(lambda: docker(*told, check=False))

    def pod(self):
        """Start a pod and wait until it is ready; return its name."""
        self.made += 1
        name = f"pod-{self.made}"
        full = self.start(self.image, name, *self.confined, publish=8000)
        port = self.published(full, 8000)
        until(lambda: ask(port, "/readyz")[0] == 200)
        return name

    def configuration(self):
        """Return what nginx is told: the pods that are ready."""
        lines = [f"server {name}:8000 max_fails=0;" for name in self.pods]
        return NGINX % "\n    ".join(lines)

    def tell_the_edge(self):
        """Let nginx know which pods there are."""
        (self.folder / "nginx.conf").write_text(self.configuration(), encoding="utf-8")
        docker("exec", self.edge, "nginx", "-s", "reload")

    def end(self, name):
        """End a pod: it is forgotten, the pause passes, SIGTERM is sent; return its exit code."""
        self.pods.remove(name)
        self.tell_the_edge()
        time.sleep(1)
        full = f"test-rollout-{self.mark}-{name}"
        docker("stop", "--time", "15", full)
        return int(docker("inspect", "--format", "{{.State.ExitCode}}", full))

    def remove(self):
        """Leave nothing."""
        named = ["--filter", f"name=test-rollout-{self.mark}"]
        made = docker("ps", "--all", "--quiet", *named).split()
        docker("rm", "--force", "--volumes", *made, check=False)
        docker("network", "rm", self.network, check=False)
        docker("rmi", "--force", self.image, check=False)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """The service, with three pods."""
    if not postgres.docker_answers():
        pytest.skip("Docker does not answer")
    folder = tmp_path_factory.mktemp("edge")
    made = Service(folder)
    yield made
    made.remove()


@contextlib.contextmanager
def load(port):
    """Let some clients ask, one request after another, until the block ends; count the answers."""
    counts, over = collections.Counter(), threading.Event()

    def ask_on():
        while not over.is_set():
            status, codes = ask(port)
            counts[status, *codes] += 1
            time.sleep(0.01)

    clients = [threading.Thread(target=ask_on) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        yield counts
    finally:
        over.set()
        for client in clients:
            client.join(30)


def test_a_rollout_fails_no_read(service):
    """One pod after another is replaced; each ends by itself, with nothing left undone."""
    with load(service.port) as counts:
        until(lambda: counts[200,] > 20)
        for old in list(service.pods):
            service.pods.append(service.pod())
            service.tell_the_edge()
            assert service.end(old) == 0

    assert set(counts) == {(200,)}
    assert counts[200,] > 100


def test_a_pod_that_is_killed_fails_no_read(service):
    """nginx asks the next one, since a read may be asked twice."""
    with load(service.port) as counts:
        until(lambda: counts[200,] > 20)
        killed = service.pods[0]
        docker("kill", "--signal", "KILL", f"test-rollout-{service.mark}-{killed}")
        begin = counts[200,]
        until(lambda: counts[200,] > begin + 100)
        service.pods.remove(killed)
        service.pods.append(service.pod())
        service.tell_the_edge()

    assert set(counts) == {(200,)}


def test_only_while_the_database_is_away_does_a_read_fail(service):
    """With a code that says so; no pod is lost, and none has to be started anew."""
    with load(service.port) as counts:
        until(lambda: counts[200,] > 20)
        docker("restart", "--time", "5", service.database)
        service.psql("SELECT 1")
        until(lambda: ask(service.port) == (200, []))
        before = counts.copy()
        until(lambda: counts[200,] > before[200,] + 200)
        after = counts - before

    assert set(after) == {(200,)}
    assert set(counts) <= {(200,), (200, "SERVICE_UNAVAILABLE")}
    for name in service.pods:
        full = f"test-rollout-{service.mark}-{name}"
        assert docker("inspect", "--format", "{{.State.Running}}", full) == "true"
