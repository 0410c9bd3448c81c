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


def test_a_script_that_a_command_names_is_there():
    """Beside the steps, as in the repository, before the command runs."""
    with Workplace("postgresql://unused", empty=True, port=8765) as place:
        place.command("python ../../docs/listings/05-relations/statements.py", "steps/05-relations")

        step = place.folder / "steps" / "05-relations"
        step.mkdir(parents=True)
        assert (step / "../../docs/listings/05-relations/statements.py").is_file()
