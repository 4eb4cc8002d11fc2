"""How long an enrichment takes, told before it starts."""

from __future__ import annotations

from core.pathways.sets.collections import list_collections
from core.pathways.spec import PathwaySpec

# Seconds of one core, measured on the demonstration cohort; they guide the time left and nothing else.
_AROUND = 8.0  # starting, reading sets, normalising expression, checking, themes
_GSEA_SET = 0.011
_SSGSEA_SET = 1e-4
_GSVA_PLACE, _GSVA_SET = 1.4e-8, 5e-6
_OWN_SETS = 500  # guessed for a user's own file, which is not read for this


def expected_seconds(spec: PathwaySpec, *, n_samples: int, n_genes: int, n_cpus: int) -> float:
    """Return about how long an enrichment takes from its start.

    Parameters
    ----------
    spec : PathwaySpec
        What is asked.
    n_samples, n_genes : int
        Samples compared and genes tested.
    n_cpus : int
        Cores at work.
    """
    shipped = {card.name: card.n_sets for card in list_collections()}
    n_sets = sum(shipped.get(name, _OWN_SETS) for name in spec.collections)
    work = {
        "gsea": _GSEA_SET * n_sets * (0.8 + 0.2 * spec.permutations / 1000),
        "ssgsea": _SSGSEA_SET * n_sets,
        "gsva": _GSVA_PLACE * n_genes * n_samples**2 + _GSVA_SET * n_sets * n_samples,
    }
    return _AROUND + work.get(spec.test, 0.0) / n_cpus
