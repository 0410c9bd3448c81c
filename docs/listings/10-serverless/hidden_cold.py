"""A solution to the exercise "Who waited for a start"."""

from concurrent.futures import ThreadPoolExecutor


def headers(app, times):
    """Return what so many answers at once say of themselves."""
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda _: app.test_client().get("/livez"), range(times)))
    return [answer.headers.get("Cold") for answer in answers]


def test_the_first_answer_of_an_application_says_so_and_no_other():
    """Also where eight ask at once; each application has a first."""
    from app import create_app

    for _ in range(2):
        app = create_app()
        assert sorted(headers(app, 40), key=str) == ["1"] + 39 * [None]
        assert headers(app, 8) == 8 * [None]
