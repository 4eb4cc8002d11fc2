"""Pieces of work on several cores, with progress and a way to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from core.progress import Reporter

POLL_SECONDS = 0.5  # seconds between looks at whether somebody wants it stopped


@dataclass(frozen=True)
class Task:
    """A piece of work.

    Parameters
    ----------
    stage : str
        What is being done, in words for people.
    weight : float
        Its share of the work, in any unit.
    run : callable
        Does it, given what says whether to stop; to be called in any thread.
    """

    stage: str
    weight: float
    run: Callable[[Callable[[], bool]], None]


def run_tasks(tasks: Sequence[Task], *, report: Reporter, n_threads: int) -> None:
    """Run all tasks, several at a time: NumPy frees the interpreter while it computes.

    Raises
    ------
    CancelledError
        If `report` (or a signal) stops it; what was finished before stays in the store.
    """
    total = sum(task.weight for task in tasks) or 1.0
    stop = threading.Event()
    done = 0.0
    with ThreadPoolExecutor(n_threads, thread_name_prefix="models") as pool:
        waiting: dict[Future[None], Task] = {pool.submit(task.run, stop.is_set): task for task in tasks}
        try:
            if tasks:
                report(tasks[0].stage, 0.0)
            while waiting:
                ready, _ = wait(waiting, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                for future in ready:
                    future.result()
                    done += waiting.pop(future).weight
                if ready and waiting:
                    report(next(iter(waiting.values())).stage, min(done / total, 0.999))
        finally:
            stop.set()
            for future in waiting:
                future.cancel()
