"""Every number behind the demonstration cohort, and where it comes from.

Size and design: 150 patients with treatment-resistant depression (TRD) and 143 without,
several centres, about 20 % of active genes significant, a reduced immune response and
effects in gene regulation and neuroplasticity (Sirés 2025, doi 10.1016/j.bbi.2025.106103;
protocol Baune 2024, doi 10.3389/fpsyt.2023.1279688). The study does not say in which
direction gene regulation and neuroplasticity differ; the directions here are invented.

Clinical odds ratios: Kautzky 2019 (PMC6586002). The frequencies among patients without
TRD, centres, ages, body-mass index and smoking are invented within the usual range.

Expression: factors, depth and dispersion as commonly seen in whole-blood RNA sequencing.
Effects act through *shared* factors because independent effects on single genes, tuned to
the same share of significant genes, would separate the groups perfectly. Programmes stand
for direct effects: they move the genes of a theme but no cell marker, so that adjusting for
cell composition weakens the result without removing it. The shifts give an ideal area under
the curve of Phi(sqrt(sum of squared shifts) / sqrt(2)), about 0.75, of which an honest model
reaches 0.64 to 0.74; they were tuned by simulation (`tests/cohort/simulation/test_calibration.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

CASE, CONTROL = "TRD", "non-TRD"
COHORT_NAME = "Demonstration cohort (simulated)"

Theme = Literal["immune", "gene_regulation", "neuroplasticity"]


@dataclass(frozen=True)
class Sizes:
    """How many patients and genes, and the smallest cohort that can hold what is planted."""

    patients: int = 293
    genes: int = 23_400
    fewest_patients: int = 20
    fewest_genes: int = 400
    case_share: float = 150 / 293
    lowly_expressed_share: float = 0.145
    patients_per_centre: int = 8


@dataclass(frozen=True)
class Centre:
    """A recruiting centre: its share of all patients, its lean towards TRD, its sample handling."""

    name: str
    share: float
    case_lean: float
    rna_quality: float


CENTRES = (
    Centre("Centre A", share=0.31, case_lean=1.10, rna_quality=0.15),
    Centre("Centre B", share=0.24, case_lean=0.93, rna_quality=-0.10),
    Centre("Centre C", share=0.19, case_lean=1.06, rna_quality=0.0),
    Centre("Centre D", share=0.15, case_lean=0.88, rna_quality=-0.25),
    Centre("Centre E", share=0.11, case_lean=1.00, rna_quality=0.20),
)


@dataclass(frozen=True)
class Clinical:
    """A clinical variable, distributed so that its odds ratio for TRD is the published one.

    Parameters
    ----------
    name : str
        Metadata column.
    kind : {"yes_no", "severity", "count", "weeks"}
        Binary; moderate or severe; Poisson count; gamma-distributed duration.
    odds_ratio : float
        For yes against no, severe against moderate, one more, or one week longer.
    control : float
        Frequency (binary) or mean (count, weeks) among patients without TRD.
    missing : float
        Share of values missing at random.
    at_least : int
        Added to every value of a count: nobody in a depressive episode has had none.
    """

    name: str
    kind: Literal["yes_no", "severity", "count", "weeks"]
    odds_ratio: float
    control: float
    missing: float
    at_least: int = 0


CLINICAL = (
    Clinical("severity", "severity", odds_ratio=3.31, control=0.38, missing=0.02),
    Clinical("psychotic_symptoms", "yes_no", odds_ratio=2.52, control=0.06, missing=0.02),
    Clinical("suicidal_risk", "yes_no", odds_ratio=1.74, control=0.33, missing=0.03),
    Clinical("generalised_anxiety", "yes_no", odds_ratio=1.68, control=0.10, missing=0.03),
    Clinical("inpatient", "yes_no", odds_ratio=1.65, control=0.28, missing=0.0),
    Clinical("prior_antidepressants", "count", odds_ratio=1.23, control=1.6, missing=0.05, at_least=1),
    Clinical("depressive_episodes", "count", odds_ratio=1.15, control=1.9, missing=0.04, at_least=1),
    Clinical("episode_weeks", "weeks", odds_ratio=1.022, control=20.0, missing=0.08),
)


@dataclass(frozen=True)
class Person:
    """Distribution of what does not depend on resistance."""

    women: float = 0.70
    age_mean: float = 48.0
    age_sd: float = 13.0
    age_range: tuple[int, int] = (18, 78)
    bmi_mean: float = 26.8
    bmi_sd: float = 4.8
    bmi_range: tuple[float, float] = (16.5, 48.0)
    bmi_missing: float = 0.04
    smokers: float = 0.31
    smoking_missing: float = 0.03
    madrs_moderate: tuple[int, int] = (20, 34)
    madrs_severe: tuple[int, int] = (35, 52)
    weeks_shape: float = 1.4
    weeks_range: tuple[int, int] = (2, 260)


@dataclass(frozen=True)
class Factor:
    """Something that varies from patient to patient and moves many genes together.

    Parameters
    ----------
    name : str
        Column of `truth.csv` is ``loading_<name>``.
    shift : float
        Mean in TRD minus mean in non-TRD, in standard deviations.
    markers : tuple of str
        Gene symbols, or ``set:<collection>:<pattern>`` for gene sets whose name matches, that rise with it.
    opposed : tuple of str
        The same for genes that fall with it.
    marker_loading : float
        Typical log2 change of a marker per standard deviation.
    spread : float
        Standard deviation over all other expressed genes of their log2 change per standard deviation.
    theme : str or None
        Set for a transcriptional programme: a direct effect within cells, not of cell composition.
    """

    name: str
    shift: float = 0.0
    markers: tuple[str, ...] = ()
    opposed: tuple[str, ...] = ()
    marker_loading: float = 0.5
    spread: float = 0.0
    theme: Theme | None = None


BTM_CELLS = "set:btm_plus:"
CELL_SETS = (
    r"set:btm_plus:\(P0(?:0\d|[123]\d|40)\)$",
    "set:btm_plus:^enriched in (?:monocytes|neutrophils|T cells|B cells|NK cells|naive)",
    "set:btm:surface signature",
)
FACTORS = (
    Factor(
        "neutrophil_lymphocyte",
        shift=0.50,
        markers=(
            BTM_CELLS + "^Neutrophils",
            BTM_CELLS + r"^enriched in neutrophils \(I\)",
            BTM_CELLS + "^recruitment of neutrophils",
        ),
        opposed=(
            BTM_CELLS + "^(?:naive |Memory |Class-switched memory )?B-cells",
            BTM_CELLS + "^CD[48]\\+",
            BTM_CELLS + "^NK cells",
            BTM_CELLS + "^enriched in (?:T|B|NK) cells",
            BTM_CELLS + "^lymphocyte generic",
        ),
        marker_loading=0.50,
        spread=0.18,
    ),
    Factor(
        "monocyte",
        markers=(
            BTM_CELLS + "^Monocytes",
            BTM_CELLS + r"^enriched in monocytes \((?:I|surface)\)",
            *("CD14", "FCN1", "CSF1R", "VCAN", "CD163", "MS4A7"),
        ),
        marker_loading=0.40,
        spread=0.04,
    ),
    Factor(
        "b_cell",
        markers=(BTM_CELLS + "^(?:naive )?B-cells", BTM_CELLS + r"^enriched in B cells \(I+\)"),
        marker_loading=0.40,
        spread=0.03,
    ),
    Factor(
        "nk_cell",
        markers=(BTM_CELLS + "^NK cells", BTM_CELLS + "^enriched in NK cells"),
        marker_loading=0.40,
        spread=0.04,
    ),
    Factor(
        "interferon",
        shift=-0.40,
        markers=(
            "set:hallmark:INTERFERON_ALPHA",
            BTM_CELLS + "^type I interferon response",
            BTM_CELLS + "^(?:innate antiviral|antiviral IFN)",
        ),
        marker_loading=0.60,
        spread=0.05,
    ),
    Factor(
        "erythroid_globin",
        markers=(
            *("HBA1", "HBA2", "HBB", "HBD", "HBM", "HBQ1", "ALAS2", "AHSP", "CA1", "SLC4A1", "SELENBP1"),
            BTM_CELLS + "^heme biosynthesis",
            BTM_CELLS + "^erythrocyte differentiation",
        ),
        marker_loading=0.65,
        spread=0.07,
    ),
    Factor(
        "immunoglobulin_plasma",
        markers=(
            *("JCHAIN", "MZB1", "TNFRSF17", "DERL3", "TXNDC5", "IGHA1", "IGHA2", "IGHM", "IGHG1", "IGHG2"),
            *("IGHG3", "IGHG4", "IGKC", "IGLC1", "IGLC2", "IGLC3"),
            BTM_CELLS + "^Plasma cells",
            BTM_CELLS + "^plasma cells, immunoglobulins",
        ),
        marker_loading=0.80,
        spread=0.03,
    ),
    Factor(
        "platelet",
        markers=(
            *("PPBP", "PF4", "PF4V1", "GP9", "GP1BA", "GP1BB", "ITGA2B", "ITGB3", "TUBB1", "TREML1", "GNG11"),
            *("SPARC", "MYL9", "CLU", "NRGN", "SDPR", "CAVIN2", "F13A1"),
            BTM_CELLS + "^platelet activation (?:& blood|- actin)",
        ),
        marker_loading=0.65,
        spread=0.07,
    ),
    Factor(
        "rna_quality",
        markers=("set:reactome:^REACTOME_RESPIRATORY_ELECTRON",),
        opposed=("set:reactome:^REACTOME_EUKARYOTIC_TRANSLATION_ELONGATION",),
        marker_loading=0.20,
        spread=0.15,
    ),
    Factor("immune_response", shift=-0.45, marker_loading=0.50, spread=0.05, theme="immune"),
    Factor("gene_regulation", shift=0.41, marker_loading=0.46, spread=0.05, theme="gene_regulation"),
    Factor("neuroplasticity", shift=-0.40, marker_loading=0.46, spread=0.05, theme="neuroplasticity"),
)

THEME_TERMS: dict[str, Theme] = {
    "innate_immune": "immune",
    "adaptive_immune": "immune",
    "chromatin_transcription": "gene_regulation",
    "synapse_neuroplasticity": "neuroplasticity",
}


@dataclass(frozen=True)
class Levels:
    """Mean log2 count at the reference depth (22 million reads) and its SD, by kind of gene."""

    housekeeping: tuple[float, float] = (14.0, 1.2)
    marker: tuple[float, float] = (9.6, 1.8)
    annotated: tuple[float, float] = (8.3, 2.2)
    other: tuple[float, float] = (5.6, 1.0)
    low: tuple[float, float] = (0.5, 1.0)
    least_active: float = 4.0
    highest: float = 17.3
    highest_low: float = 2.3


@dataclass(frozen=True)
class Expression:
    """Depth and dispersion of the counts.

    The dispersion that differential expression estimates, about 0.12 + 2/mean, is the sum of
    `dispersion_floor` and what the factors add.
    """

    reference_depth: float = 22e6
    depth_log_sd: float = 0.28
    depth_range: tuple[float, float] = (11.2e6, 43e6)
    dispersion_floor: float = 0.05
    dispersion_per_mean: float = 2.0
    dispersion_scatter: float = 0.55
    loading_scatter: float = 0.45
    largest_loading: float = 1.3
    responding_share: float = 0.7
    centre_sd: float = 0.06
    age_share: float = 0.10
    age_sd: float = 0.05


@dataclass(frozen=True)
class SexEffects:
    """Genes whose expression differs by sex; log2 women against men."""

    xist: tuple[str, ...] = ("XIST", "TSIX")
    xist_log2fc: float = 8.5
    y_genes: tuple[str, ...] = (
        *("RPS4Y1", "DDX3Y", "KDM5D", "UTY", "EIF1AY"),
        *("USP9Y", "ZFY", "TXLNGY", "TMSB4Y", "PRKY", "TTTY14", "TTTY15", "LINC00278"),
    )
    y_log2fc: tuple[float, float] = (-9.5, -6.5)
    switched_level: tuple[float, float] = (9.0, 11.5)
    escape_genes: tuple[str, ...] = (
        *("KDM6A", "ZFX", "EIF1AX", "DDX3X", "UBA1", "TXLNG", "JPX", "PUDP", "SMC1A"),
        *("PRKX", "ZRSR2", "RPS4X", "CA5B", "EIF2S3", "KDM5C", "SYAP1", "STS"),
    )
    escape_log2fc: tuple[float, float] = (0.25, 0.6)
    autosomal_share: float = 0.03
    autosomal_sd: float = 0.25

    @property
    def switched(self) -> tuple[str, ...]:
        """Genes that are on in one sex and off in the other."""
        return (*self.xist, *self.y_genes)


@dataclass(frozen=True)
class Defects:
    """Mistakes planted so that quality control has something to find."""

    low_depth: float = 2.4e6


@dataclass(frozen=True)
class Settings:
    """All of the above together."""

    sizes: Sizes = Sizes()
    centres: tuple[Centre, ...] = CENTRES
    clinical: tuple[Clinical, ...] = CLINICAL
    person: Person = Person()
    factors: tuple[Factor, ...] = FACTORS
    levels: Levels = Levels()
    expression: Expression = Expression()
    sex: SexEffects = field(default_factory=SexEffects)
    defects: Defects = Defects()


DEFAULT = Settings()

# Families that blood hardly expresses, by the beginning of the symbol: they fill the lowly expressed part.
SILENT_SYMBOLS = (
    r"^(?:OR\d+[A-Z]|KRT\d|KRTAP|DEFB|TAS[12]R|VN1R|PCDH[ABG]|CRY[ABG]|OPN[14]|PRAMEF|SSX\d|MAGE[ABC]|GAGE|XAGE"
    r"|CSN[123]|SPAT|TSSK|SPRR|LCE\d|MUC\d|CLDN\d|COL\d+A|CYP[234][A-Z]|UGT[12][AB]|GABR|GRI[AKN]\d|KCN[ABCDGHQV]"
    r"|SCN\d|CACN[AG]\d|HTR\d|CHRN|DRD\d|HOX[ABCD]|DSG\d|DSC\d|CDH\d|FGF\d|WNT\d|AQP\d|ADH\d|SLC6A\d|GPR\d|NEUROD)"
)
# Classes that are not measured here: small RNAs, receptor segments of T and B cells, unnamed loci.
UNMEASURED_SYMBOLS = (
    r"^(?:MIR\d|MIRLET|SNOR|SCARNA|RNU|RN7|RNA5|RNY|RNVU|VTRNA|TR[ABDG][VDJ]|IG[HKL][VDJ][\dIO]|LOC\d|MT-?[RT])"
    r"|@|-[a-z]"
)
HOUSEKEEPING_SYMBOLS = (
    r"^(?:RP[LS]\d+[AXL]?|RPLP[012]|RPSA|EEF1A1|EEF2|TPT1|ACTB|ACTG1|B2M|FTL|FTH1|TMSB4X|TMSB10|PTMA|PFN1|CFL1"
    r"|CORO1A|UBA52|UBB|UBC|HLA-[ABCE]|CD74|GAPDH|LYZ|S100A[4689]|S100A12|COX[123]|ND[12345]|ND4L|CYTB|ATP[68]"
    r"|LCP1|MYH9|FLNA|SRGN|TXNIP|H3-3B|CSF3R|FCGR3B|SELL|NAMPT|MNDA|ITGB2|PSAP|DDX5|MCL1|TYROBP"
    r"|FCER1G|NEAT1|MALAT1)$"
)
