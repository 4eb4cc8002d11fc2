"""A short Python script that makes the enrichment on screen with public packages alone."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from core.errors import InputError
from core.export.template import fill_script
from core.pathways.result import PathwayResult

SMALLEST_P = 1e-10  # as `core.pathways.enrichment.gsea` has it, whose import takes seconds
TEMPLATE = Path(__file__).with_name("script_template.txt")
GSEA = '''def test(genes, sets):
    """Return score, normalised score and p-value of each set.

    gseapy draws random sets as long as the longest it is given. Sets are tested by bands of sizes, each with
    an anchor of the largest size of its band: the p-value of a set then does not depend on the others.
    """
    bands = {}
    for name, members in sets.items():
        band = max(32, 2 ** int(np.ceil(np.log2(len(members)))))
        bands.setdefault(min(band, MAX_SIZE, len(genes) - 1), {})[name] = members
    table = pd.concat([test_band(genes, some, largest) for largest, some in bands.items()])
    return table.loc[list(sets)]


def test_band(genes, sets, largest):
    anchor = np.linspace(0, len(genes) - 1, largest).round().astype(int)
    answer = gseapy.prerank(
        rnk=genes["stat"],
        gene_sets={**sets, "anchor": genes.index[anchor].tolist()},
        min_size=1,
        max_size=largest,
        permutation_num=PERMUTATIONS,
        method="multilevel",
        eps=SMALLEST_P,
        seed=SEED,
        threads=1,
        outdir=None,
    )
    table = answer.res2d.set_index("Term").loc[list(sets), ["ES", "NES", "NOM p-val"]].astype(float)
    return table.rename(columns={"ES": "es", "NES": "nes", "NOM p-val": "pvalue"})'''
ORA = '''def test(genes, sets):
    """Return overlap with the significant genes, what is expected, and the p-value of each set."""
    chosen = (genes["padj"] < GENE_ALPHA) & (genes["log2FoldChange"].abs() >= GENE_LFC)
    if DIRECTION != "both":
        chosen &= genes["log2FoldChange"] > 0 if DIRECTION == "up" else genes["log2FoldChange"] < 0
    significant = set(genes.index[chosen])
    rows = []
    for members in sets.values():
        overlap = len(significant.intersection(members))
        expected = len(significant) * len(members) / len(genes)
        pvalue = hypergeom.sf(overlap - 1, len(genes), len(members), len(significant))
        rows.append((overlap, expected, pvalue))
    return pd.DataFrame(rows, index=list(sets), columns=["overlap", "expected", "pvalue"])'''


def can_script(result: PathwayResult) -> bool:
    """Return whether `pathway_script` has a script for a result."""
    spec = result.spec
    return spec.test == "gsea" or (spec.test == "ora" and spec.background == "tested")


def pathway_script(result: PathwayResult, *, provenance: str = "") -> str:
    """Return a Python script that reproduces an enrichment from the table of its comparison.

    Parameters
    ----------
    result : PathwayResult
        The result on screen.
    provenance : str
        Provenance line for the script's head.

    Raises
    ------
    InputError
        If the test has no short script: camera, scores of patients, or an overridden background.
    """
    if not can_script(result):
        raise InputError.of(
            code="no-script",
            where=f"test {result.spec.test!r}",
            what="there is no short script for it with public packages alone",
            mend="Use the command, which makes the same numbers",
        )
    spec = result.spec
    is_gsea = spec.test == "gsea"
    settings = (
        {
            "SEED": spec.seed,
            "PERMUTATIONS": spec.permutations,
            "MAX_SIZE": spec.max_size,
            "SMALLEST_P": SMALLEST_P,
        }
        if is_gsea
        else {"GENE_ALPHA": spec.gene_alpha, "GENE_LFC": spec.gene_lfc, "DIRECTION": spec.direction}
    )
    return fill_script(
        TEMPLATE,
        title=f"Gene sets, {result.de_spec.contrast if result.de_spec else 'a comparison'}.",
        provenance=provenance,
        settings={
            "DE": "de.csv",
            "SETS": "sets.gmt",
            "RESULTS": "pathways.csv",
            "SET_ALPHA": spec.set_alpha,
        },
        code={
            "GSEAPY": result.run.versions.get("gseapy") or version("gseapy"),
            "IMPORTS": "import gseapy" if is_gsea else "from scipy.stats import hypergeom",
            "SETTINGS": "\n".join(f"{name} = {value!r}" for name, value in settings.items()),
            "TEST": GSEA if is_gsea else ORA,
        },
    )
