"""`make run` alone: the whole app, tried in a browser as a newcomer does."""

import json
import re

import pytest

REGISTER = """mutation {
  register(input: {username: "eve", email: "eve@example.org", password: "correct horse"}) {
    user { username }
  }
}"""


class GraphiQL:
    """GraphiQL in a browser's page: its tabs, its editors and its answer."""

    def __init__(self, page):
        self.page = page

    def run(self, tab):
        """Run the operation of a tab; return what is answered."""
        self.show(tab)
        with self.page.expect_response("**/graphql") as answered:
            self.page.get_by_role("button", name="Execute query").click()
        answer = answered.value.json()
        last = json.dumps(answer, indent=2, ensure_ascii=False).splitlines()[1].strip()
        self.page.locator(".result-window").get_by_text(last).first.wait_for()
        assert "errors" not in answer, answer
        return answer["data"]

    def show(self, tab):
        """Choose a tab."""
        tabs = self.page.get_by_role("tab")
        tabs.nth(tabs.all_inner_texts().index(tab)).click()
        self.settle()

    def settle(self):
        """Wait until GraphiQL has seen what has changed, as it does some moments later."""
        self.page.wait_for_timeout(1000)

    def paste(self, tab, tool, old, new):
        """Put something in the place of a word in a tab's variables or headers."""
        self.show(tab)
        self.page.get_by_role("button", name=tool, exact=True).click()
        editor = self.page.get_by_label(tool, exact=True).locator(".CodeMirror-code:visible")
        text = editor.inner_text()
        assert old in text
        editor.click()
        self.page.keyboard.press("ControlOrMeta+A")
        values = re.sub(r"^\d+$", "", text, flags=re.MULTILINE).replace(old, new)
        self.page.keyboard.insert_text(" ".join(values.split()))
        self.settle()


@pytest.fixture
def graphiql(browser_page, visit, start, free_port):
    """Return GraphiQL under `make run`, and the run."""
    run = start(free_port()).ready()
    visit(browser_page, f"http://127.0.0.1:{run.port}/graphql")
    return GraphiQL(browser_page), run


def test_a_newcomer_goes_from_tab_to_tab(graphiql):
    """Everything is there to be run: animals, lists in lists, a login, a registration, a letter."""
    tabs, run = graphiql

    assert run.said.count("Ready: ") == 1
    assert len(tabs.run("Animals")["animals"]["nodes"]) == 5
    assert len(tabs.run("Nested")["zoos"]["nodes"]) == 5
    assert tabs.run("LogIn")["login"]["user"] == {"username": "ada"}
    assert tabs.run("Upload")["user"] == {"profileImage": None}
    token = tabs.run("Register")["register"]["accessToken"]
    run.wait_until(lambda: "/confirm#" in run.said)
    [letter, _] = re.findall(rf"http://127.0.0.1:{run.port}/confirm#([\w.-]+)", run.said)
    tabs.paste("ConfirmEmail", "Variables", "PASTE-IT-HERE", letter)
    assert tabs.run("ConfirmEmail")["confirmEmail"]["user"] == {"username": "eve"}
    tabs.paste("CreateZoo", "Headers", "PASTE-IT-HERE", token)
    assert tabs.run("CreateZoo")["createZoo"]["zoo"]["owner"] == {"username": "eve"}


def test_letters_are_sent_by_one_process_after_a_killed_run(start, free_port, fetch):
    """The next run ends what sends letters for the one before, and has one of its own."""
    run = start(free_port()).ready()
    run.process.kill()
    run.process.wait()
    assert len(senders(run)) == 1

    again = start(run.port).ready()

    assert len(senders(again)) == 1
    fetch(again.port, query=REGISTER)
    again.wait_until(lambda: "To: eve@example.org" in again.said)
    assert again.interrupt() in (0, 130)
    assert again.left() == []


def senders(run):
    """Return the run's processes that send letters."""
    return [process for process in run.left() if "post" in process.info["cmdline"]]
