"""What a disk refuses, told with its place, its cause and how to mend it."""

from __future__ import annotations

import errno
from pathlib import Path

# How to mend what a disk refuses. NumPy tells of a full one without a number.
MENDS: tuple[tuple[tuple[int | None, ...], str], ...] = (
    ((None, errno.ENOSPC, errno.EDQUOT, errno.EFBIG), "Free space there"),
    ((errno.EROFS, errno.EACCES, errno.EPERM), "Allow this program to write there"),
    ((errno.EEXIST, errno.ENOTDIR, errno.EISDIR), "Remove the file in its way"),
    ((errno.EIO, errno.ESTALE, errno.ENOLCK), "Look after that disk"),
)


def mend_of(error: OSError) -> str | None:
    """Return how to mend what a disk refuses; None where nobody can tell, or a file is merely not there."""
    return next((words for numbers, words in MENDS if error.errno in numbers), None)


def cause_of(error: OSError, place: Path | str = "a file") -> str:
    """Return where and why a disk refuses; `place` stands for the file where the system names none."""
    return f"{error.filename or place}: {(error.strerror or str(error)).lower()}"
