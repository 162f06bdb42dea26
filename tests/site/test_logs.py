"""記録: what went wrong is logged by its class and its place, never by what it says."""

from daicho.site.logs import exception_without_text


def test_an_exception_that_is_being_handled_is_told_without_its_words() -> None:
    try:
        raise ValueError("架空　花子")
    except ValueError:
        event = exception_without_text(None, "", {"event": "broken", "exc_info": True})
    told = event["exception"]
    assert (told["class"], told["sqlstate"]) == ("ValueError", None)
    assert told["frames"][-1].startswith("test_logs.py:")
    assert "花子" not in str(event)


def test_without_an_exception_nothing_is_told() -> None:
    assert exception_without_text(None, "", {"event": "well", "exc_info": True}) == {
        "event": "well"
    }
