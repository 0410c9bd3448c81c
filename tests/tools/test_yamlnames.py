"""Parts of a YAML file go by names that a page can rely on."""

from tools import yamlnames

ONE = """containers:
  - image: zoo
    env:
      - {name: PORT, value: "8080"}
      - {name: BUCKET, value: zoo}
    probe:
      path: /livez
"""


def test_the_only_element_of_a_list_needs_no_name():
    """What is in it goes by the list's path."""
    found = yamlnames.spans(ONE)

    assert found["containers"] == (1, 7)
    assert found["containers.env"] == (3, 5)
    assert found["containers.env.BUCKET"] == (5, 5)
    assert found["containers.probe"] == (6, 7)


def test_of_several_elements_without_a_name_none_has_a_path():
    """Nobody could tell which is meant."""
    found = yamlnames.spans(f"{ONE}  - image: other\n    probe:\n      path: /readyz\n")

    assert found.keys() == {"containers"}
