from __future__ import annotations

import numpy as np
import pytest
from pydeseq2.default_inference import DefaultInference

from core.de.design import build_design
from core.de.inference import BlockwiseInference
from core.de.rules import DESeq2Inference
from core.errors import CancelledError
from core.spec import DESpec
from tests.de.cohorts import small_cohort

SPEC = DESpec("group", "TRD", "non-TRD", ("age",))
N = 40


@pytest.fixture(scope="module")
def data() -> dict[str, np.ndarray]:
    cohort = small_cohort()
    design = build_design(cohort.metadata, SPEC).matrix.to_numpy()
    counts = cohort.counts[2 : 2 + N].T.astype(np.int64)
    return {
        "counts": counts,
        "design": design,
        "sf": np.linspace(0.7, 1.4, len(design)),
        "disp": np.full(N, 0.1),
    }


def kernels(inference: DefaultInference, data: dict[str, np.ndarray]) -> dict[str, tuple[np.ndarray, ...]]:
    counts, design, sf, disp = data["counts"], data["design"], data["sf"], data["disp"]
    irls = inference.irls(counts, sf, design, disp, 0.5, 1e-8)
    contrast = np.eye(design.shape[1])[-1]
    return {
        "lin_reg_mu": (inference.lin_reg_mu(counts, sf, design, 0.5),),
        "irls": irls,
        "alpha_mle": inference.alpha_mle(counts, design, irls[1], disp, 1e-8, 24.0),
        "wald_test": inference.wald_test(
            design_matrix=design,
            disp=disp,
            lfc=irls[0],
            mu=irls[1],
            ridge_factor=np.diag(np.repeat(1e-6, design.shape[1])),
            contrast=contrast,
            lfc_null=0.0,
        ),
        "lfc_shrink_nbinom_glm": inference.lfc_shrink_nbinom_glm(
            design_matrix=design,
            counts=counts,
            size=1 / disp,
            offset=np.log(sf),
            prior_no_shrink_scale=15,
            prior_scale=0.5,
            optimizer="L-BFGS-B",
            shrink_index=2,
        ),
    }


def test_blocks_give_exactly_what_the_whole_gives(data: dict[str, np.ndarray]) -> None:
    expected = kernels(DESeq2Inference(n_cpus=1), data)
    found = kernels(BlockwiseInference(block=7), data)
    for kernel, arrays in expected.items():
        for one, other in zip(arrays, found[kernel], strict=True):
            np.testing.assert_array_equal(one, other, err_msg=kernel)


def test_every_block_is_watched(data: dict[str, np.ndarray]) -> None:
    seen: list[tuple[str, int]] = []
    inference = BlockwiseInference(block=16, watch=lambda kernel, n: seen.append((kernel, n)))
    inference.alpha_mle(data["counts"], data["design"], data["counts"] + 1.0, data["disp"], 1e-8, 24.0)
    assert seen == [("dispersions", 16), ("dispersions", 16), ("dispersions", 8)]


def test_the_watcher_can_stop_between_blocks(data: dict[str, np.ndarray]) -> None:
    seen: list[int] = []

    def stop(kernel: str, n: int) -> None:
        seen.append(n)
        raise CancelledError

    inference = BlockwiseInference(block=16, watch=stop)
    with pytest.raises(CancelledError):
        inference.irls(data["counts"], data["sf"], data["design"], data["disp"], 0.5, 1e-8)
    assert seen == [16]
