"""Progress: where it shows, what it says, and that it leaves nothing behind."""

import sys
import types

import pytest

from tripartite import progress
from tripartite.progress import Progress


class Screen:
    """A display that keeps what was drawn."""

    pause = 0.0

    def __init__(self):
        self.drawn, self.closed = [], 0

    def draw(self, text):
        self.drawn.append(text)

    def close(self):
        self.closed += 1


@pytest.fixture
def screen(monkeypatch):
    made = Screen()
    monkeypatch.setattr(progress, "_display", lambda: made)
    return made


def test_steps_of_any_kind_are_counted(screen):
    with Progress.steps(4, "fitting", shown=True) as bar:
        for _ in range(3):
            bar.step()
    assert "fitting" in screen.drawn[-1]
    assert "3 of 4" in screen.drawn[-1]
    assert screen.closed == 1


def test_a_run_says_seconds_of_its_own_time(screen):
    with Progress(60_000, True) as bar:
        bar.to(15_000)
    assert "15 of 60 s" in screen.drawn[-1]


def test_what_runs_inside_shares_the_display(screen):
    with Progress.steps(2, "reproducing", shown=True) as outer:
        outer.step()
        with Progress(1000, True) as inner:
            inner.to(500)
        assert [line.split()[0] for line in screen.drawn[-1].splitlines()] == ["reproducing", "simulating"]
        assert screen.closed == 0
        outer.step()
        assert len(screen.drawn[-1].splitlines()) == 1
    assert screen.closed == 1


def test_an_error_inside_closes_the_display(screen):
    with pytest.raises(ZeroDivisionError), Progress.steps(2, "fitting", shown=True) as bar:
        bar.step()
        raise ZeroDivisionError
    assert screen.closed == 1


def test_nothing_is_shown_before_two_seconds_nor_where_nobody_looks(screen, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Progress.steps(2, "fitting") as bar:
        bar.step()
        assert not screen.drawn
        bar.begun -= 3
        bar.step()
        assert screen.drawn
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    screen.drawn.clear()
    with Progress.steps(2, "fitting") as bar:
        bar.begun -= 3
        bar.step()
    assert not screen.drawn


def test_a_notebook_gets_one_output_that_is_redrawn_and_cleared(monkeypatch):
    outputs = []

    class Handle:
        def update(self, data, raw):
            outputs[-1] = data["text/plain"]

    def display(data, raw, display_id):
        outputs.append(data["text/plain"])
        return Handle()

    shell = types.SimpleNamespace(kernel=object())
    package = types.ModuleType("IPython")
    package.get_ipython = lambda: shell
    module = types.ModuleType("IPython.display")
    module.display = display
    monkeypatch.setitem(sys.modules, "IPython", package)
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    with Progress.steps(2, "fitting") as bar:
        bar.begun -= 3
        bar.step()
        assert "1 of 2" in outputs[0]
    assert outputs == [""]


def test_a_log_gets_whole_lines_without_control_codes(capsys):
    with Progress.steps(2, "fitting", shown=True) as bar:
        bar.step()
    printed = capsys.readouterr().err
    assert printed.endswith("\n")
    assert "\x1b" not in printed
