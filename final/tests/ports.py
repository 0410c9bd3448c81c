"""What this machine has: free ports, and perhaps Docker."""

import socket

import docker
from docker.errors import DockerException


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def docker_answers() -> bool:
    """Tell whether containers can be started here."""
    try:
        docker.from_env().close()
    except DockerException:
        return False
    return True
