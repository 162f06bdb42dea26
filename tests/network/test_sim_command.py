"""sim: the command says what it found, and how to see it again."""

import pytest

from daicho.site import cli
from daicho.site.sim import running


def _run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(["sim", *arguments])
    return int(ended.value.code or 0)


def test_it_tells_of_seeds_that_heal(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--seed", "3", "--seeds", "2", "--steps", "100") == 0
    said = capsys.readouterr().out
    assert said.startswith("2 種、200 歩(毎秒 ")
    assert said.endswith("条件の破れた種: 0\n")


def test_it_names_the_seed_of_what_does_not_hold(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "broken", lambda _: ["something else than it says"])
    assert _run("--seed", "3", "--steps", "10", "--towns", "3") == 1
    said = capsys.readouterr().out
    assert "種 3: something else than it says" in said
    assert "もう一度: ./daicho sim --seed 3 --steps 10 --towns 3\n" in said


@pytest.mark.parametrize("wrong", [["--towns", "1"], ["--towns", "51"], ["--steps", "0"]])
def test_it_says_what_it_cannot_run(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(*wrong) != 0
    assert "にしてください。" in capsys.readouterr().err
