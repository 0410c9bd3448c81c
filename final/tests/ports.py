"""What this machine has: free ports, time, and perhaps Docker."""

import socket
import time

import docker
from docker.errors import DockerException


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_a_minute() -> None:
    """Wait until the minute has time left: a process counts by the clock's, and two allow more."""
    left = 60 - time.time() % 60
    time.sleep(left if left < 15 else 0)


def docker_answers() -> bool:
    """Tell whether containers can be started here."""
    try:
        docker.from_env().close()
    except DockerException:
        return False
    return True
