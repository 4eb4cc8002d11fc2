"""What was planted, as one tidy table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.cohort.simulation.genes import GenePlan
from core.cohort.simulation.patients import Patients
from core.cohort.simulation.settings import Settings


def truth_table(patients: Patients, plan: GenePlan, settings: Settings) -> pd.DataFrame:
    """Return what was planted; `kind` tells gene, latent, clinical and defect rows apart.

    Gene rows hold the planted log2 fold change of TRD against non-TRD in three columns:
    ``log2fc_direct`` through transcriptional programmes, ``log2fc_composition`` through the
    factors of blood composition and quality, and their sum ``log2fc``. ``via`` names the factor that
    contributes most. Latent rows hold the shift in standard deviations in ``value``, clinical
    rows the odds ratio, defect rows the sample in ``name`` and its partner in ``detail``.
    """
    parts = [_genes(plan, settings), _latent(settings), _clinical(settings), _defects(patients, settings)]
    table = pd.concat(parts, ignore_index=True)
    first = ["kind", "name", "role", "theme", "direction", "value", "detail"]
    return table[[*first, *(column for column in table if column not in first)]]


def _genes(plan: GenePlan, settings: Settings) -> pd.DataFrame:
    effects = plan.loadings * [factor.shift for factor in settings.factors]
    programmes = [factor.name for factor in settings.factors if factor.theme]
    direct, total = effects[programmes].sum(axis=1), effects.sum(axis=1)
    largest = effects.abs().to_numpy().argmax(axis=1)
    via = np.where(total == 0, "", effects.columns.to_numpy(str)[largest])
    table = pd.DataFrame(
        {
            "kind": "gene",
            "name": plan.table["symbol"],
            "ensembl_id": plan.table["ensembl_id"],
            "role": _role(plan, settings),
            "theme": plan.table["theme"],
            "direction": _direction(total),
            "via": via,
            "expression": np.where(plan.table["level"] == "low", "low", "active"),
            "log2fc": total,
            "log2fc_direct": direct,
            "log2fc_composition": total - direct,
            "log2fc_women": plan.sex_log2fc,
        }
    )
    return table.join(plan.loadings.add_prefix("loading_")).round(5)


def _role(plan: GenePlan, settings: Settings) -> NDArray[np.str_]:
    symbols, marker = plan.table["symbol"], plan.table["marker_of"]
    return np.select(
        [symbols.isin(settings.sex.switched), marker != "", plan.table["theme"] != ""],
        ["sex gene", "marker of " + marker, "theme gene"],
        default="background",
    )


def _latent(settings: Settings) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": "latent",
            "name": factor.name,
            "role": "programme" if factor.theme else "composition",
            "theme": factor.theme or "",
            "value": factor.shift,
            "detail": "shift of TRD against non-TRD in standard deviations",
        }
        for factor in settings.factors
    ).assign(direction=lambda table: _direction(table["value"]))


def _clinical(settings: Settings) -> pd.DataFrame:
    units = {"yes_no": "yes against no", "severity": "severe against moderate", "count": "one more"}
    return pd.DataFrame(
        {
            "kind": "clinical",
            "name": variable.name,
            "role": "odds ratio",
            "direction": "up",
            "value": variable.odds_ratio,
            "detail": units.get(variable.kind, "one week longer"),
        }
        for variable in settings.clinical
    )


def _defects(patients: Patients, settings: Settings) -> pd.DataFrame:
    defects = patients.defects
    true_sex = patients.table["sex"].to_dict()[defects.swapped_sex]
    twin = f"same library as {defects.original}, sequenced again"
    rows = [
        (defects.swapped_sex, "swapped-sex", np.nan, f"true sex: {true_sex}"),
        (defects.duplicate, "duplicate-sample", np.nan, twin),
        (defects.low_depth, "low-depth", settings.defects.low_depth, "expected reads"),
    ]
    return pd.DataFrame(rows, columns=["name", "role", "value", "detail"]).assign(kind="defect")


def _direction(values: pd.Series) -> NDArray[np.str_]:
    return np.select([values > 0, values < 0], ["up", "down"], default="none")
