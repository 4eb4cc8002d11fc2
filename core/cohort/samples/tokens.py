"""Names for samples that say nothing about who they are: for links, commands and provenance.

The exported script carries this module as it stands: nothing of this product may be imported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

DIGITS = 10


def sample_tokens(samples: Iterable[str]) -> dict[str, str]:
    """Return a token for each sample of a data set, in their order.

    The identifiers of all samples are the salt, so whoever has only a token and a guess of one
    identifier cannot try it out, and the same identifier has another token in another data set.
    """
    names = [str(sample) for sample in samples]
    salt = hashlib.sha256("\0".join(sorted(names)).encode()).hexdigest()
    return {name: hashlib.sha256(f"{salt}\0{name}".encode()).hexdigest()[:DIGITS] for name in names}
