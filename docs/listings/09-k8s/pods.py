"""A cluster's part, played by containers: pods of one image, nginx as their Service, Postgres.

The pods are confined as the manifests confine them. nginx is told which of them there are.
"""

import http.client
import subprocess
import time
import uuid
from pathlib import Path

PATIENCE = 60  # seconds until a container answers
GRACE = "15"  # seconds from SIGTERM to SIGKILL
PASSWORDS = ["--env", "POSTGRES_PASSWORD=zoo", "--env", "PGPASSWORD=zoo"]
DATABASE = "DATABASE_URL=postgres://postgres:zoo@db:5432/postgres?connect_timeout=3"
CONFINED = ["--user", "10001:10001", "--cap-drop", "ALL", "--read-only", "--memory", "512m"]
CONFINED += ["--security-opt", "no-new-privileges", "--no-healthcheck", "--env", DATABASE]
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


def docker(*arguments: str, check: bool = True) -> str:
    """Run `docker`; return what it printed, without the last line's end."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True)
    if check and done.returncode:
        raise RuntimeError(f"docker {arguments[0]}: {done.stderr}")
    return done.stdout.strip()


def until(happened) -> None:
    """Wait for something to be true."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


def status(port: int, path: str, timeout: float = 5) -> int:
    """Return the status with which a port of this machine answers; 0 where it does not."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


class Service:
    """Pods behind nginx, beside a database; all on a network of their own."""

    def __init__(self, source: Path, room: Path) -> None:
        self.mark = f"rehearsal-{uuid.uuid4().hex[:8]}"
        self.room, self.pods, self.made = room, [], 0
        docker("build", "--quiet", "--tag", self.mark, str(source))
        docker("network", "create", self.mark)
        self.start("postgres:18", "db", *PASSWORDS)
        self.wait_for_the_database()
        migrate = ["flask", "--app", "manage", "db", "upgrade"]
        docker("run", "--rm", "--network", self.mark, *CONFINED, self.mark, *migrate)
        self.pods += [self.pod() for _ in range(3)]
        self.configure()
        mounted = ["--volume", f"{room}/nginx.conf:/etc/nginx/nginx.conf:ro"]
        self.start("nginx:stable", "edge", *mounted, "--publish", "127.0.0.1::8080")
        self.port = self.published("edge", 8080)
        until(lambda: status(self.port, "/livez") == 200)

    def start(self, image: str, name: str, *options: str) -> None:
        """Start a container."""
        known = ["--name", self.full(name), "--network", self.mark, "--network-alias", name]
        docker("run", "--detach", *known, *options, image)

    def full(self, name: str) -> str:
        """Return the name by which Docker knows a container."""
        return f"{self.mark}-{name}"

    def published(self, name: str, port: int = 8000) -> int:
        """Return where a container's port is found on this machine."""
        return int(docker("port", self.full(name), str(port)).rpartition(":")[2])

    def wait_for_the_database(self) -> None:
        """Wait until it takes SQL."""
        psql = ["psql", "-h", "127.0.0.1", "-U", "postgres", "-c", "SELECT 1"]
        until(lambda: docker("exec", self.full("db"), *psql, check=False))

    def pod(self) -> str:
        """Start a pod and wait until it is ready; return its name."""
        self.made += 1
        name = f"pod-{self.made}"
        self.start(self.mark, name, *CONFINED, "--publish", "127.0.0.1::8000")
        until(lambda: status(self.published(name), "/readyz") == 200)
        return name

    def configure(self) -> None:
        """Write down for nginx which pods there are."""
        lines = [f"server {name}:8000 max_fails=0;" for name in self.pods]
        (self.room / "nginx.conf").write_text(NGINX % "\n    ".join(lines), encoding="utf-8")

    def tell(self) -> None:
        """Let nginx know which pods there are, once it finds each of them by its name."""
        self.configure()
        reload = ["sh", "-c", "nginx -s reload && echo told"]
        until(lambda: docker("exec", self.full("edge"), *reload, check=False))

    def end(self, name: str) -> int:
        """End a pod: it is forgotten, the pause passes, SIGTERM is sent; return its exit code."""
        self.pods.remove(name)
        self.tell()
        time.sleep(1)
        docker("stop", "--time", GRACE, self.full(name))
        return int(docker("inspect", "--format", "{{.State.ExitCode}}", self.full(name)))

    def remove(self) -> None:
        """Leave nothing."""
        made = docker("ps", "--all", "--quiet", "--filter", f"name={self.mark}").split()
        docker("rm", "--force", "--volumes", *made, check=False)
        docker("network", "rm", self.mark, check=False)
        docker("rmi", "--force", self.mark, check=False)
