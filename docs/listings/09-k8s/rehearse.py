"""Rehearse, in a step's folder: rollout, kill, or outage SECONDS."""

import re
import sys
import tempfile
import threading
import time
from pathlib import Path

from load import Load
from pods import GRACE, Service, docker, status, until

PROBE = re.compile(r"livenessProbe:\n +httpGet: {path: (\S+),.*}\n +periodSeconds: (\d+)")
FAILURES = 3  # in a row, until a kubelet starts a container anew; Kubernetes's default


class Kubelet:
    """What each machine of a cluster runs: it asks its pods whether they live."""

    def __init__(self, service: Service, manifest: str) -> None:
        path, period = PROBE.search(manifest).groups()
        self.service, self.path, self.period = service, path, int(period)
        self.started_anew, self.over = 0, threading.Event()
        self.watches = [threading.Thread(target=self.watch, args=[pod]) for pod in service.pods]

    def watch(self, pod: str) -> None:
        """Ask a pod in each period; start it anew when it has failed too often."""
        failures, begin = 0, time.monotonic()
        while not self.over.wait(self.period - (time.monotonic() - begin) % self.period):
            lives = status(self.service.published(pod), self.path) == 200
            failures = 0 if lives else failures + 1
            if failures == FAILURES:
                docker("restart", "--time", GRACE, self.service.full(pod))
                self.service.tell()  # a container that starts anew may have another address
                self.started_anew, failures = self.started_anew + 1, 0

    def __enter__(self) -> "Kubelet":
        for watch in self.watches:
            watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for watch in self.watches:
            watch.join()


def rollout(service: Service, load: Load) -> None:
    """Replace one pod after another: first a new one that is ready, then the old one ends."""
    for old in list(service.pods):
        new = service.pod()
        service.pods.append(new)
        service.tell()
        print(f"{new} is ready, {old} ended with {service.end(old)}")


def kill(service: Service, load: Load) -> None:
    """End a pod as a power cut does, and put another in its place."""
    killed = service.pods[0]
    docker("kill", "--signal", "KILL", service.full(killed))
    begin = load.counts["read"]
    until(lambda: load.counts["read"] > begin + 100)
    service.pods.remove(killed)
    service.pods.append(service.pod())
    service.tell()
    print(f"{killed} was killed, {service.pods[-1]} is ready")


def outage(service: Service, load: Load, seconds: float = 0) -> None:
    """Take the database away for a while; wait until reads no longer fail."""
    manifest = Path("k8s/base/deployment.yaml").read_text(encoding="utf-8")
    with Kubelet(service, manifest) as kubelet:
        docker("stop", "--time", "5", service.full("db"))
        time.sleep(seconds)
        docker("start", service.full("db"))
        service.wait_for_the_database()
        back = time.monotonic()
        until(lambda: max([*load.failed_at, back]) < time.monotonic() - 5)
    print(f"pods started anew: {kubelet.started_anew}")
    print(f"reads failed for {load.seconds:.1f} s")
    own = load.counts.keys() <= {"read", "SERVICE_UNAVAILABLE"}
    print(f"who said so: {'the app' if own else 'the app, and nginx'}")


ACTS = {"rollout": rollout, "kill": kill, "outage": outage}


def main(act: str, *seconds: str) -> None:
    """Make a service of this folder, let clients read, and let the act happen."""
    with tempfile.TemporaryDirectory() as room:
        service = Service(Path.cwd(), Path(room))
        try:
            with Load(service.port) as load:
                until(lambda: load.counts["read"] > 20)
                ACTS[act](service, load, *map(float, seconds))
        finally:
            service.remove()
    others = {said: count for said, count in load.counts.items() if said != "read"}
    print(f"reads that failed: {load.failed} {others or ''}".rstrip())


if __name__ == "__main__":
    if not set(sys.argv[1:2]) & set(ACTS):
        sys.exit(__doc__)
    main(*sys.argv[1:])
