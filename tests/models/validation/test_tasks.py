from __future__ import annotations

import threading

import pytest

from core.errors import CancelledError
from core.models.validation.tasks import Task, run_tasks
from core.progress import silent


def test_everything_is_done_and_the_fraction_rises():
    done, heard = [], []
    tasks = [Task(f"t{i}", 1 + i % 2, lambda stopped, i=i: done.append(i)) for i in range(20)]
    run_tasks(tasks, report=lambda stage, fraction, **_: heard.append(fraction), n_threads=2)
    assert sorted(done) == list(range(20))
    assert heard == sorted(heard)
    assert heard[0] == 0
    run_tasks([], report=silent, n_threads=2)


def test_a_task_that_fails_ends_the_rest():
    def fail(stopped):
        raise ValueError("broken")

    done = []
    tasks = [Task("x", 1, fail), *(Task("y", 1, lambda stopped: done.append(1)) for _ in range(50))]
    with pytest.raises(ValueError, match="broken"):
        run_tasks(tasks, report=silent, n_threads=1)
    assert len(done) < 50


def test_stopping_tells_those_that_run():
    seen, begun = [], threading.Event()

    def long(stopped):
        begun.set()
        while not stopped():
            pass
        seen.append("stopped")

    def report(stage, fraction, **_):
        if begun.wait(5) and fraction > 0:
            raise CancelledError("stop")

    with pytest.raises(CancelledError):
        run_tasks([Task("a", 1, lambda stopped: None), Task("b", 1, long)], report=report, n_threads=2)
    assert seen == ["stopped"]
