"""A part of a file is found by its name, in each language that a page shows."""

import pytest

from tools import names
from tools.steps import Problem

PYTHON = '''"""Doc."""

import os

# Why it is odd.
LIMIT = 1


@decorated
def first():
    """One."""
    return os


class Animal:
    """One animal."""

    name = 1

    def rename(self):
        """Two."""


def last():
    """Three."""
'''
YAML = "services:\n  db:\n    image: postgres:18\n  api:\n    image: zoo\n\nvolumes:\n  db:\n"
GRAPHQL = 'type Query {\n  animals: [Animal!]!\n}\n\n"""One."""\ntype Animal {\n  id: Int!\n}\n'
DOCKERFILE = "FROM a AS build\nRUN make\n\nFROM b AS final\nCOPY --from=build x y\n"
SCRIPT = """#!/usr/bin/env bash
# deploy: send it off.
set -euo pipefail

# Say why, and stop.
fail() {
  echo "$1" >&2

  exit 1
}

app=${1:-}
[ -n "$app" ] || fail "Which?"

echo "$app"
"""
JSON = '{\n  "name": "zoo",\n  "env": {\n    "KEY": {"value": "1"}\n  },\n  "addons": []\n}\n'


@pytest.fixture
def cut(tmp_path):
    """Return the text of a part of a made-up file."""

    def part(file, text, name):
        (tmp_path / file).write_text(text, encoding="utf-8")
        return names.cut(tmp_path / file, name).text

    return part


def test_a_function_comes_with_its_decorators(cut):
    """And without what follows it."""
    assert cut("a.py", PYTHON, "first") == '@decorated\ndef first():\n    """One."""\n    return os'


def test_a_value_comes_with_the_comment_above_it(cut):
    """The comment says why."""
    assert cut("a.py", PYTHON, "LIMIT") == "# Why it is odd.\nLIMIT = 1"


def test_a_method_is_named_with_its_class(cut):
    """And stands at the margin."""
    assert cut("a.py", PYTHON, "Animal.rename") == 'def rename(self):\n    """Two."""'


def test_a_range_goes_from_one_name_to_another(cut):
    """Both are inside."""
    shown = cut("a.py", PYTHON, "LIMIT..Animal")

    assert shown.startswith("# Why")
    assert shown.rstrip().endswith('"""Two."""')


def test_a_yaml_part_is_named_by_its_keys(cut):
    """With dots between them."""
    assert cut("a.yaml", YAML, "services.db") == "db:\n  image: postgres:18"
    assert cut("a.yaml", f"# Two.\n{YAML}", "services").startswith("# Two.\nservices:")


def test_a_list_is_entered_by_the_names_of_its_elements(cut):
    """A part ends before the comment of what follows."""
    text = (
        "pods:\n  - name: api\n    live: 1\n    # Why.\n    ready: 2\n  - name: db\n    ready: 3\n"
    )

    assert cut("a.yaml", text, "pods.api.live") == "live: 1"
    assert cut("a.yaml", text, "pods.api.ready") == "# Why.\nready: 2"
    assert cut("a.yaml", text, "pods.db") == "- name: db\n  ready: 3"


def test_one_document_of_many_goes_by_its_own_name(cut):
    """Which stands in its metadata, as Kubernetes has it."""
    text = "# One.\nmetadata: {name: a}\nspec: 1\n---\n# Two.\nmetadata: {name: b}\nspec: 2\n"

    assert cut("a.yaml", text, "a") == "# One.\nmetadata: {name: a}\nspec: 1"
    assert cut("a.yaml", text, "b") == "# Two.\nmetadata: {name: b}\nspec: 2"
    assert cut("a.yaml", text, "b.spec") == "spec: 2"


def test_a_graphql_type_comes_with_its_description(cut):
    """Each type of a schema has a name."""
    assert cut("a.graphql", GRAPHQL, "Animal") == '"""One."""\ntype Animal {\n  id: Int!\n}'


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("imports", "#!/usr/bin/env bash\n# deploy: send it off.\nset -euo pipefail"),
        ("fail", '# Say why, and stop.\nfail() {\n  echo "$1" >&2\n\n  exit 1\n}'),
        ("app", 'app=${1:-}\n[ -n "$app" ] || fail "Which?"'),
        ("end", 'echo "$app"'),
    ],
)
def test_a_script_is_known_by_its_first_line(cut, name, part):
    """Its functions, its top, its end, and what sets a variable, whatever the file is called."""
    assert cut("deploy", SCRIPT, name) == part
    assert cut("deploy.sh", SCRIPT, name) == part


def test_a_stage_of_a_dockerfile_has_its_name(cut):
    """Up to the next stage."""
    assert cut("Dockerfile", DOCKERFILE, "build") == "FROM a AS build\nRUN make"
    assert cut("Dockerfile", DOCKERFILE, "final") == "FROM b AS final\nCOPY --from=build x y"


def test_a_file_without_a_single_name_is_told(cut):
    """A Dockerfile whose only stage has none; an object without a key."""
    for file, text in (("Dockerfile", "FROM a\nRUN make\n"), ("a.json", "{}\n")):
        with pytest.raises(Problem, match="It has no names at all"):
            cut(file, text, "build")


def test_a_key_of_a_json_object_is_a_part(cut):
    """With all that it holds."""
    assert cut("app.json", JSON, "env") == '"env": {\n  "KEY": {"value": "1"}\n},'
    assert cut("app.json", JSON, "addons") == '"addons": []'


def test_a_whole_file_needs_no_name(cut):
    """Every line of it."""
    assert cut("Dockerfile", DOCKERFILE, None).strip() == DOCKERFILE.strip()


def test_a_name_that_is_not_there_is_told_with_the_nearest(cut):
    """A renamed function cannot silently leave a page."""
    with pytest.raises(Problem, match=r"a\.py has nothing named 'Animol'.*Animal"):
        cut("a.py", PYTHON, "Animol")


def test_a_file_that_is_not_there_is_told(tmp_path):
    """With its path."""
    with pytest.raises(Problem, match="There is no file"):
        names.cut(tmp_path / "none.py", None)


def test_a_part_of_a_patch_is_named_by_its_file(cut):
    """With its changes, and without those of the next file."""
    hunk = "--- a/{0}\n+++ b/{0}\n@@ -1 +1 @@\n-old\n+new"
    files = [f"diff --git a/{name} b/{name}\n{hunk.format(name)}" for name in ("app/a.py", "b.py")]

    assert cut("zoo.patch", "\n".join(files) + "\n", "app/a.py") == files[0]
