"""Where a page's commands run, nothing bears the name that the reader's own bears."""

from tools.workplace import Workplace


def test_a_page_names_its_images_after_itself(postgres_server):
    """The reader's image is neither made nor removed; the page shows the reader's name."""
    with Workplace(postgres_server, empty=True, port=4321) as place:
        words = place.command("docker image rm demo-stack-03-docker", "steps/03-docker")
        place.copy("steps/03-docker")

        assert words[-1] == "page4321-03-docker"
        assert place.places()[words[-1]] == "demo-stack-03-docker"
        assert place.command("echo demo-stack-03-docker", ".")[-1] == "demo-stack-03-docker"
