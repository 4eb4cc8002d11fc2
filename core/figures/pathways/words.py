"""Names of gene sets as people read them."""

from __future__ import annotations

import re

# Codes of blood modules and WikiPathways stay: some of them share a name.
CODE = re.compile(r"\s*\(GO:\d+\)$")
ORIGIN = re.compile(r"^(?:HALLMARK|REACTOME|KEGG|GOBP|GOCC|GOMF|WP|BIOCARTA|PID)_(?=[A-Z0-9])")
# Words that stay as they are where a name is written in capitals throughout.
_CAPITALS = """
DNA RNA MRNA TRNA RRNA SNRNA MIRNA NCRNA UV MHC HLA TCR BCR FCERI FCGR TNF TNFA TNFR NFKB JAK STAT
MYC AKT MTOR TGF VEGF EGFR ERBB WNT MAPK ERK AMPK GABA NMDA AMPA BDNF NTRK NTRKS GPCR RHO RAC ATP
ADP GTP HDAC HDACS HIV SARS TLR TLRS TRIF RIG NLR NGF PKA PKC SUMO KRAS DAG CAMP ER ABC SRP TCA NAD
NADH VLDL LDL HDL IFN IL PDGF FGFR SLC ROS LPS ZAP DAP
"""
CAPITALS = frozenset(_CAPITALS.split())
LONGEST = 60


def set_label(name: str) -> str:
    """Return a set's name without its GO code or collection, and not all in capitals.

    Examples
    --------
    >>> set_label("HALLMARK_IL6_JAK_STAT3_SIGNALING")
    'IL6 JAK STAT3 signaling'
    >>> set_label("type I interferon signaling pathway (GO:0060337)")
    'type I interferon signaling pathway'
    """
    plain = CODE.sub("", name)
    if not ORIGIN.match(plain):
        return plain or name
    words = ORIGIN.sub("", plain).split("_")
    kept = [word if word in CAPITALS or re.search(r"\d", word) else word.lower() for word in words]
    text = " ".join(word for word in kept if word)
    return text[:1].upper() + text[1:] if text else name


def short_label(name: str, *, most: int = LONGEST) -> str:
    """Return the label of a set, cut at a word where it is too long for a figure."""
    label = set_label(name)
    if len(label) <= most:
        return label
    cut = label[: most - 1].rsplit(" ", 1)[0]
    return f"{cut}…"
