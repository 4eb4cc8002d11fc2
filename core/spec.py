"""Frozen specifications: every choice that can change a number, in one place.

A specification is the only source of widget defaults, cache key, URL parameters,
job command, exported script, report text and provenance. Adding an option means
adding one field to one dataclass.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Literal, Self, Union, get_args, get_origin, get_type_hints
from urllib.parse import quote, unquote

from core.errors import Fault, InputError


@dataclass(frozen=True)
class Spec:
    """Base of all specifications: lossless JSON, URL and command-line round trips.

    Field types are limited to str, int, float, bool, Literal, tuple of str, and
    any of these or None.
    """

    def to_json(self) -> str:
        """Return canonical JSON: sorted keys, every field, no spaces."""
        return json.dumps(
            {f.name: getattr(self, f.name) for f in fields(self)},
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Rebuild a specification from `to_json`; fields added since take their default."""
        values = json.loads(text)
        return cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})

    def to_query(self) -> dict[str, str]:
        """Return URL parameters for every field that differs from its default."""
        return {
            f.name: _to_text(value) for f in fields(self) if (value := getattr(self, f.name)) != _default(f)
        }

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """Rebuild a specification from URL parameters; other parameters are ignored.

        Raises
        ------
        InputError
            If a required parameter is missing or a value does not fit, with every such fault.
        """
        hints, values, faults = get_type_hints(cls), {}, []
        for f in fields(cls):
            if f.name in query:
                try:
                    values[f.name] = _from_text(query[f.name], hints[f.name])
                except ValueError as error:
                    faults.append(bad_link(f.name, str(error)))
            elif _default(f) is MISSING:
                faults.append(bad_link(f.name, "it is missing"))
        if faults:
            raise InputError(faults)
        return cls(**values)


Method = Literal["deseq2", "limma", "wilcoxon"]


@dataclass(frozen=True)
class DESpec(Spec):
    """A differential-expression analysis.

    Parameters
    ----------
    factor : str
        Metadata column that holds the groups.
    case, control : str
        Levels of `factor`; a positive fold change means higher in `case`.
    covariates : tuple of str
        Metadata columns to adjust for.
    min_count : int
        Smallest count that calls a gene expressed in a sample.
    min_samples : int or None
        Samples in which a gene must be expressed to be tested; None for the size
        of the smallest group, 0 for no filter.
    method : {"deseq2", "limma", "wilcoxon"}
        How the test is made; what each can do is said in `core.de.methods`.
    alpha : float
        False discovery rate for which independent filtering is optimised.
    lfc_threshold : float
        Tested null hypothesis |log2 fold change| <= lfc_threshold.
    shrink : bool
        Also shrink the fold changes towards zero (apeGLM-type adaptive prior).
    winsorise : float or None
        Quantile at which each gene's normalised counts are capped; None for none.
    scale : bool
        Centre and scale numbers among the covariates for the fit. False: they enter as they are,
        and where the fit of a gene goes astray the search is R's, which may stop short.
    exclude : tuple of str
        Samples left out with their reason, as ``token:reason`` (`core.cohort.exclusion`).
    all_groups : bool
        Fit one model to the samples of every level of `factor`, of which any two are then compared
        without a new fit. False: fit the samples of case and control alone.
    """

    factor: str
    case: str
    control: str
    covariates: tuple[str, ...] = ()
    min_count: int = 10
    min_samples: int | None = None
    method: Method = "deseq2"
    alpha: float = 0.05
    lfc_threshold: float = 0.0
    shrink: bool = False
    winsorise: float | None = None
    scale: bool = True
    exclude: tuple[str, ...] = ()
    all_groups: bool = False

    def __post_init__(self) -> None:
        """Let one analysis have one specification: without covariates there is nothing to scale."""
        if not self.covariates:
            object.__setattr__(self, "scale", True)

    @property
    def contrast(self) -> str:
        """The comparison in words, for example ``"TRD vs non-TRD"``."""
        return f"{self.case} vs {self.control}"

    @property
    def design(self) -> str:
        """The design in R's notation, the tested factor last."""
        return "~ " + " + ".join((*self.covariates, self.factor))


# An empty item of a tuple; no quoted item can read so, since "%" itself is quoted.
_EMPTY = "%"


EnrichmentTest = Literal["gsea", "ora", "camera", "ssgsea", "gsva"]
Direction = Literal["both", "up", "down"]
Background = Literal["tested", "annotated", "cohort"]


@dataclass(frozen=True)
class PathwaySpec(Spec):
    """An enrichment analysis of a finished comparison of two groups.

    Which comparison is said by its `DESpec`, beside which this one travels: together they
    share one link, so no field has the name of one there.

    Parameters
    ----------
    collections : tuple of str
        Names of shipped collections, or paths of GMT files.
    test : {"gsea", "ora", "camera", "ssgsea", "gsva"}
        Ranked genes (with the correlation-aware check beside it), significant genes
        against a background, the correlation-aware competitive test alone, or a score per patient
        compared between the groups with the comparison's covariates.
    min_size, max_size : int
        Fewest and most tested genes of a set that is tested.
    set_alpha : float
        Adjusted p-values of sets below this are called significant.
    correlation : float or None
        Correlation between the genes of a set that camera assumes (0.01 is limma's default);
        None to estimate it for each set. The check beside each test always estimates it.
    seed : int
        Of the random sets that GSEA draws.
    permutations : int
        Random sets of each size that GSEA draws first.
    direction : {"both", "up", "down"}
        Significant genes that over-representation looks at.
    gene_alpha : float
        Adjusted p-values of genes below this are called significant there.
    gene_lfc : float
        Smallest absolute log2 fold change of a significant gene there.
    background : {"tested", "annotated", "cohort"}
        Genes that could have been significant there: those tested, those tested that are in a
        set of the collection, or all of the count file.
    """

    collections: tuple[str, ...] = (
        "hallmark",
        "btm",
        "reactome",
        "wikipathways",
        "go_bp",
        "go_cc",
        "go_mf",
    )
    test: EnrichmentTest = "gsea"
    min_size: int = 10
    max_size: int = 500
    set_alpha: float = 0.05
    correlation: float | None = 0.01
    seed: int = 1
    permutations: int = 1000
    direction: Direction = "both"
    gene_alpha: float = 0.05
    gene_lfc: float = 0.0
    background: Background = "tested"


Pipeline = Literal[
    "dummy",
    "centre",
    "cells",
    "age_sex",
    "clinical",
    "genes",
    "genes_forest",
    "pathways",
    "clinical_genes",
]


@dataclass(frozen=True)
class ModelSpec(Spec):
    """Risk models of one group against another, and how they are validated.

    It shares a link with a comparison and its pathways: `factor`, `case`, `control` and `exclude` are
    those of `DESpec`, every other field has a name of its own.

    Parameters
    ----------
    factor : str
        Metadata column that holds the groups.
    case, control : str
        Levels of `factor`; a predicted risk is that of `case`.
    clinical : tuple of str
        Metadata columns offered to the clinical models; empty for all that are judged known before
        the second failed treatment.
    centre : str
        Metadata column of the recruiting centre; "" for none.
    include_unsafe : tuple of str
        Columns taken in although they partly define the outcome or come after it. With any, no claim is made.
    models : tuple of str
        Pipelines to validate, see `core.models.pipelines`.
    folds, repeats, inner_folds : int
        Of the nested cross-validation.
    label_permutations : int
        Times that the labels are permuted within strata for the linear gene model.
    n_selected : int
        Genes that are chosen inside every training part.
    model_seed : int
        Of folds, permutations and forests.
    external : str
        Content hash of a cohort on which the models are tested; "" for none.
    exclude : tuple of str
        As in `DESpec`: samples left out with their reason, as ``token:reason``.
    """

    factor: str
    case: str
    control: str
    clinical: tuple[str, ...] = ()
    centre: str = ""
    include_unsafe: tuple[str, ...] = ()
    models: tuple[str, ...] = get_args(Pipeline)
    folds: int = 5
    repeats: int = 5
    inner_folds: int = 5
    label_permutations: int = 200
    n_selected: int = 500
    model_seed: int = 1
    external: str = ""
    exclude: tuple[str, ...] = ()

    @property
    def contrast(self) -> str:
        """The comparison in words, for example ``"TRD vs non-TRD"``."""
        return f"{self.case} vs {self.control}"


def _default(field: Field[Any]) -> Any:
    return field.default


def _to_text(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(quote(item, safe=" ()/:") or _EMPTY for item in value)
    text = str(value)
    # "none" stands for no value, so a text that reads "none" is marked.
    return f"\\{text}" if isinstance(value, str) and text.lstrip("\\") == "none" else text


def _from_text(text: str, hint: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        options = [h for h in get_args(hint) if h is not type(None)]
        return None if text == "none" else _from_text(text, options[0])
    if origin is typing.Literal:
        if text not in get_args(hint):
            message = "it is none of " + ", ".join(map(str, get_args(hint)))
            raise ValueError(message)
        return text
    if origin is tuple:
        return tuple("" if item == _EMPTY else unquote(item) for item in text.split(",") if item)
    if hint is bool:
        if text not in ("yes", "no"):
            message = "it is neither yes nor no"
            raise ValueError(message)
        return text == "yes"
    if hint in (int, float):
        return _number(text, hint)
    return text[1:] if text.startswith("\\") and text.lstrip("\\") == "none" else text


def _number(text: str, kind: type[int] | type[float]) -> float | int:
    try:
        return kind(text)
    except ValueError:
        message = f"{text!r} is not a number"
        raise ValueError(message) from None


def bad_link(name: str, what: str) -> Fault:
    """Return the fault of a URL parameter that cannot be used."""
    return Fault(
        code="bad-link",
        where=f"link, parameter {name!r}",
        what=f"the value cannot be used: {what}",
        mend="Copy the whole link again, or choose the setting on the page",
    )
