"""What people get wrong in chapter 03 is named by `check` in words."""

import pytest
from click.testing import CliRunner

from tools import check, image, postgres, steps

STEP = steps.find("03-docker")


@pytest.fixture
def mine(tmp_path):
    """A reader's copy, finished."""
    return steps.copy(STEP.folder, tmp_path / "my-zoo")


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("Dockerfile", None, None, "There is no Dockerfile yet."),
        ("app.py", "    return app\n", "", "Failed to find Flask application"),
        ("app.py", "    app.cli.add_command(print_schema)\n", "", "No such command 'schema'"),
        ("app.py", "    app.register_blueprint(health.blueprint)\n", "", "200, for whoever asks."),
        ("app.py", "    db.init_app(app)\n", "", "Did you forget to call 'init_app'"),
        ("graphql_http.py", ', 503: "SERVICE_UNAVAILABLE"', "", "is_not_ready: 503 and a code"),
        ("errors.py", "isinstance(exception, OperationalError)", "False", "worth_a_second_try"),
        ("engine.py", "self.invalidate()", "raise", "Once read, it is given"),
    ],
    ids=lambda value: str(value).strip()[:20],
)
def test_a_typical_mistake_is_named(mine, file, old, new, cause):
    """What is missing or broken stands in the answer, and no traceback."""
    path = mine / file
    if old is None:
        path.unlink()
    else:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    result = CliRunner().invoke(check.command, ["--step", STEP.name, "--dir", str(mine)])

    assert result.exit_code == 1
    assert cause in result.output
    assert "Traceback" not in result.output


CMD = 'CMD ["tini", "--", "gunicorn", "app:create_app()"]'


@pytest.mark.parametrize(
    ("file", "old", "new", "cause"),
    [
        ("Dockerfile", "USER 10001:10001\n", "", "would run as root"),
        ("Dockerfile", CMD, 'CMD gunicorn "app:create_app()"', "write CMD as a list"),
        ("Dockerfile", "COPY --from=build /venv", "COPY --from=build /env", '"/env": not found'),
        (".dockerignore", "*\n!*.py", "!*.py", "The image holds tests"),
        ("compose.yaml", "condition: service_healthy", "state: healthy", "does not understand"),
    ],
    ids=lambda value: str(value).strip()[:20],
)
def test_a_mistake_in_the_image_is_named(mine, needs, file, old, new, cause):
    """Where there is Docker, `check` builds the reader's image, and looks at it."""
    needs(postgres.docker_answers(), "Docker does not answer")
    assert list(image.wrong_image(STEP, mine)) == []
    path = mine / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")

    said = list(image.wrong_image(STEP, mine))

    assert len(said) == 1
    assert cause in said[0]


def test_a_missing_health_check_is_named(mine, needs):
    """It takes two lines of the Dockerfile."""
    needs(postgres.docker_answers(), "Docker does not answer")
    dockerfile = mine / "Dockerfile"
    lines = dockerfile.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("HEALTHCHECK"))
    dockerfile.write_text("\n".join(lines[:start] + lines[start + 2 :]), encoding="utf-8")

    assert "no HEALTHCHECK" in next(image.wrong_image(STEP, mine))
