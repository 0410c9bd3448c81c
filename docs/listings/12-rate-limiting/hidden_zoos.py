"""A person founds ten zoos a minute."""

from ports import wait_for_a_minute

CREATE = "mutation ($input: CreateZooInput!) { createZoo(input: $input) { zoo { id } } }"


def test_a_person_founds_ten_zoos_and_not_one_more(ada):
    """Whatever they are called."""
    wait_for_a_minute()
    codes = []
    for n in range(11):
        _, errors = ada.gql(CREATE, input={"name": f"Zoo {n}"})
        codes += [error["code"] for error in errors]

    assert codes == ["RATE_LIMITED"]
