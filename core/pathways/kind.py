"""The test of gene sets on a comparison, as a kind of analysis."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.analysis import Analysis, At, Made, Script, asked_spec, find, is_there, request_of, run
from core.cohort.stored import get_cohort
from core.de.kind import KIND as COMPARISON
from core.de.kind import compared, without_shrinkage
from core.de.spec import DESpec
from core.de.timing import usable_cpus
from core.errors import Fault, InputError, bad_setting
from core.export.provenance import Provenance
from core.options.argv import add_options, arguments
from core.pathways.folder import from_folder, holds
from core.pathways.provenance import pathway_provenance_of
from core.pathways.result import ALGORITHM, FLAG, PathwayResult, collections_digest, read_result, write_result
from core.pathways.scores_script import pathway_scores_script
from core.pathways.script import can_script, pathway_script
from core.pathways.spec import PathwaySpec
from core.pathways.timing import expected_seconds
from core.progress import Reporter, rescale
from core.store import Draft, Entry, Store

if TYPE_CHECKING:
    import pandas as pd

TESTS = {
    "gsea": "gene set enrichment analysis",
    "ora": "over-representation",
    "camera": "correlation-aware test",
    "ssgsea": "scores per patient (ssGSEA)",
    "gsva": "scores per patient (GSVA)",
}


class Pathways(Analysis[PathwaySpec, PathwayResult]):
    """Test gene sets on a finished comparison.

    Reads ``de.csv`` and ``run.json`` of ``python -m core de`` and writes ``pathways.csv``,
    ``themes.csv`` and ``pathways.json``; tests that score patients also ``set_scores.csv``. If the data
    set is in the store, as it is after ``python -m core de`` on this computer, the sets are also checked for
    genes that merely move together.
    """

    name = "pathways"
    title = "Gene sets"
    plural = ("pathway analysis", "pathway analyses")
    spec = PathwaySpec
    needs = ("de",)
    script_name = "gene_sets"

    def algorithm(self, spec: PathwaySpec) -> str:
        """Return the version; the content of collections, gene table and themes enters by its checksum."""
        return f"{ALGORITHM} {collections_digest(spec.collections)}"

    def plain(self, at: At, spec: PathwaySpec) -> tuple[At, PathwaySpec]:
        """Leave shrinkage out, which changes nothing in the ranking of genes."""
        return without_shrinkage(at), spec

    def faults(self, spec: PathwaySpec) -> Iterator[Fault]:
        """Yield what the settings say against each other."""
        if not spec.collections:
            yield bad_setting("collections", "there is none", "Name at least one collection or GMT file")
        if spec.max_size < spec.min_size:
            what = f"{spec.max_size} is less than the smallest size {spec.min_size}"
            yield bad_setting("max_size", what, "Give a larger number")

    def compute(self, at: At, spec: PathwaySpec, draft: Draft, report: Reporter) -> None:
        """Test the sets; the comparison is computed first where the store lacks it."""
        # SciPy's sparse matrices and the theme list are of no use to pages that only find results.
        from core.pathways.compute import Comparison, analyse

        de_spec = compared(at)
        missing = not is_there(COMPARISON, at, de_spec)
        de = run(COMPARISON, at, de_spec, report=rescale(report, 0.0, 0.6))
        comparison = Comparison(de.table, de_spec, at.digest, at.cohort, de.run.simulated)
        rest = rescale(report, 0.6, 1.0) if missing else report
        write_result(draft, analyse(comparison, spec, n_threads=at.n_cpus or usable_cpus(), report=rest))

    def read(self, entry: Entry) -> PathwayResult:
        """Rebuild a result from its entry in the store."""
        return read_result(entry)

    def doing(self, at: At, spec: PathwaySpec) -> str:
        """Say which comparison's sets are tested."""
        return f"Testing gene sets, {compared(at).contrast}"

    def describe(self, spec: PathwaySpec) -> str:
        """Return an analysis in a few words."""
        names = [name.rsplit("/", 1)[-1] for name in spec.collections]
        return ", ".join([f"{TESTS[spec.test]} of {', '.join(names)}", *spec.unusual().values()])

    def seconds(self, at: At, spec: PathwaySpec) -> float | None:
        """Return about how long it takes; None while the comparison is not known."""
        de = find(COMPARISON, without_shrinkage(at), compared(without_shrinkage(at)))
        if de is None:
            return None
        n_samples, n_genes = de.run.n_case + de.run.n_control, de.run.n_active
        return expected_seconds(spec, n_samples=n_samples, n_genes=n_genes, n_cpus=at.n_cpus or usable_cpus())

    def tables(self, result: PathwayResult) -> dict[str, pd.DataFrame]:
        """Return the sets, the themes, and the patients' scores where there are any."""
        from core.pathways.reading.redundancy import foremost
        from core.pathways.reading.select_sets import score_table

        scores = {} if result.sample_scores is None else {"set_scores": score_table(result).reset_index()}
        return {"pathways": result.table.iloc[foremost(result.table)], "themes": result.themes, **scores}

    def documents(self, result: PathwayResult) -> dict[str, dict[str, Any]]:
        """Return what was asked and how it was made."""
        described = {
            "dataset": result.digest,
            "spec": json.loads(result.spec.to_json()),
            "de_spec": json.loads(result.de_spec.to_json()) if result.de_spec else None,
            **result.run.to_dict(),
        }
        return {"pathways": described}

    def sentence(self, result: PathwayResult) -> str:
        """Say how many sets are significant, and what the check beside the test makes of them."""
        info = result.run
        lines = [
            f"{info.n_significant} of {info.n_sets} sets at padj < {result.spec.set_alpha:g}. {info.method}",
            *([info.background] if info.background else []),
            info.check,
        ]
        if info.n_flagged:
            lines.append(f"{info.n_flagged} of them are marked “{FLAG}”: the check does not confirm them.")
        return "\n".join(lines)

    def provenance(self, made: Made[PathwaySpec, PathwayResult]) -> Provenance:
        """Return where the numbers come from: the comparison, then the sets."""
        start = made.before("de")
        base = (
            Provenance(made.at.cohort.name, made.at.digest) if start is None else start.kind.provenance(start)
        )
        return pathway_provenance_of(made.result, base)

    def scripts(self, made: Made[PathwaySpec, PathwayResult]) -> list[Script]:
        """Return the script, where public packages alone can make the numbers."""
        has_script = made.result.sample_scores is not None or can_script(made.result)
        return super().scripts(made) if has_script else []

    def script(self, made: Made[PathwaySpec, PathwayResult], *, provenance: str = "") -> str:
        """Return a script that makes the numbers again, from the comparison's table or from the counts."""
        result, start = made.result, made.before("de")
        if result.sample_scores is not None and start is not None:
            return pathway_scores_script(result, start.result, provenance=provenance)
        return pathway_script(result, provenance=provenance)

    def words(self, at: At, spec: PathwaySpec, *, data: list[str], out: str) -> Iterator[list[str]]:
        """Yield the comparison, whose table the test reads, then the test."""
        yield from COMPARISON.words(at, compared(at), data=data, out=out)
        yield [self.name, f"--de={out}", *arguments(spec), f"--out={out}"]

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Let the command start from a comparison: of a folder, or of the store."""
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--de", type=Path, metavar="DIR", help="folder that python -m core de wrote")
        source.add_argument("--comparison", metavar="KEY", help="key of a comparison in the store, instead")
        add_options(parser, self.spec)

    def result_of(self, args: argparse.Namespace, store: Store) -> PathwayResult:
        """Return the test of the comparison that was named; one changed in its folder is not shared."""
        spec = asked_spec(self, args)
        if args.comparison:
            return run(self, _in_store(store, args.comparison), spec, report=args.report)
        table, described = from_folder(args.de)
        digest = str(described.get("dataset", ""))
        de_spec = DESpec.from_json(json.dumps(described["spec"])) if "spec" in described else None
        if de_spec is not None:
            at = At(store, digest, {"de": de_spec})
            stored = find(COMPARISON, at, de_spec)
            if stored is not None and holds(table, stored.table):
                return replace(run(self, at, spec, report=args.report), de_spec=de_spec)
        from core.pathways.compute import Comparison, analyse

        cohort = get_cohort(store, digest) if de_spec and store.get(digest, kind="cohorts") else None
        if cohort is not None and cohort.genes["gene"].tolist() != table["gene"].tolist():
            cohort = None
        comparison = Comparison(table, de_spec, digest, cohort, bool(described.get("simulated", False)))
        return analyse(comparison, spec, report=args.report)


KIND = Pathways()


def _in_store(store: Store, key: str) -> At:
    entry = store.get(key, kind=COMPARISON.name)
    if entry is None:
        raise InputError.of(
            code="unknown-comparison",
            where=f"option --comparison {key[:12]}",
            what="the store has no such comparison",
            mend="Run python -m core de, and give its folder by --de",
        )
    _, at, de_spec = request_of(entry.run, store)
    return replace(at, before={"de": de_spec})
