from dataclasses import replace

import pytest

from core.errors import InputError
from core.pathways.spec import PathwaySpec
from tests.analyses import check_spec


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"collections": ()}, "bad-collections"),
        ({"test": "fgsea"}, "bad-test"),
        ({"direction": "sideways"}, "bad-direction"),
        ({"background": "everything"}, "bad-background"),
        ({"min_size": 1}, "bad-min-size"),
        ({"min_size": 50, "max_size": 20}, "bad-max-size"),
        ({"permutations": 10}, "bad-permutations"),
        ({"seed": -1}, "bad-seed"),
        ({"set_alpha": 0.0}, "bad-set-alpha"),
        ({"gene_alpha": 1.0}, "bad-gene-alpha"),
        ({"gene_lfc": float("nan")}, "bad-gene-lfc"),
        ({"correlation": 1.0}, "bad-correlation"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(change, code):
    with pytest.raises(InputError) as caught:
        check_spec(replace(PathwaySpec(), **change))
    assert [fault.code for fault in caught.value.faults] == [code]


def test_all_faults_at_once():
    with pytest.raises(InputError) as caught:
        check_spec(PathwaySpec(collections=(), seed=-1, set_alpha=2.0))
    assert len(caught.value.faults) == 3


def test_defaults_pass():
    check_spec(PathwaySpec())
    check_spec(PathwaySpec(correlation=None))
