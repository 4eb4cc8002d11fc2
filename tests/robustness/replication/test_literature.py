from __future__ import annotations

from core.cohort.gene_table import human_genes
from core.pathways.sets.collections import load_collection
from core.robustness.replication.literature import SINGLE_GENES, TOPICS, studies


def test_every_study_has_a_known_topic_and_every_topic_a_measure():
    table = studies()
    assert set(table["topic"]) == {topic.name for topic in TOPICS} | {SINGLE_GENES}
    assert set(table["direction"]) <= {"up", "down", "none", "unclear"}
    assert (table[["study", "samples", "result"]] != "").all().all()
    assert table["identifier"].str.fullmatch(r"(10\.\d{4,}/\S+|PMC\d+)?").all()
    for topic in TOPICS:
        if topic.set_name:
            assert topic.set_name in load_collection(topic.collection).sets
        else:
            assert human_genes().resolve([topic.gene])["symbol"].iloc[0] == topic.gene
