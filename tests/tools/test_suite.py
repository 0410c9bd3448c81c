"""The suite counts what ran, and under CI what did not."""

from tools import suite

REPORT = """<testsuites><testsuite name="x"><testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="no"/></testcase>
<testcase classname="a" name="broken"><error message="no"/></testcase>
<testcase classname="a" name="left"><skipped message="Docker does not answer"/></testcase>
<testcase classname="a" name="attack"><skipped type="pytest.xfail" message="known"/></testcase>
</testsuite></testsuites>"""


def test_reports_are_joined_and_counted(tmp_path, monkeypatch):
    """An error is a failure; what was skipped is named; what had to fail and did has passed."""
    monkeypatch.setattr(suite, "REPORTS", tmp_path)
    for name in ("one", "two"):
        (tmp_path / f"{name}.xml").write_text(REPORT)

    passed, failed, skipped = suite.join([tmp_path / "one.xml", tmp_path / "two.xml"])

    assert (passed, failed) == (4, 4)
    assert skipped == ["a::left: Docker does not answer"] * 2
    assert (tmp_path / "junit.xml").read_text().count("<testcase") == 10


def test_every_step_has_a_suite_of_its_own():
    """Beside the containers', whose files are all there, the repository's and the tools'."""
    every = suite.suites("")
    names = [one.name for one in every]

    own = [step.name for step in (*suite.steps.STEPS, suite.steps.FINAL)]
    assert names == ["containers", "repository", "tools", *own]
    assert all((suite.ROOT / path).is_file() for path in every[0].arguments)
    assert [one.name for one in suite.suites("01-api")] == ["01-api"]
    assert [one.name for one in every if one.alone] == own


def test_a_suite_alone_has_the_libraries_of_its_own_lock_and_no_more(
    tmp_path, capsys, postgres_server
):
    """What a step imports without declaring it is there in the repository, and missing alone."""
    lock = (suite.steps.find("01-api").folder / "tests" / "requirements.txt").read_text("utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "requirements.txt").write_text(lock, encoding="utf-8")
    test = tmp_path / "tests" / "test_imports.py"

    for library, passes in (("flask", True), ("mkdocs", False)):
        test.write_text(f"def test_imports():\n    import {library}\n", encoding="utf-8")
        assert suite.run(suite.Suite("alone", tmp_path, alone=True), postgres_server) is passes
        assert suite.run(suite.Suite("alone", tmp_path), postgres_server) is True
    assert "No module named 'mkdocs'" in capsys.readouterr().out
