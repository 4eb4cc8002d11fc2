from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest

from core.errors import InputError
from core.pathways.sets.themes import COLUMNS, Theme, load_themes

HEADER = "\t".join(COLUMNS) + "\n"
ROW = "Immune\tInnate\thallmark\tHALLMARK_COMPLEMENT\tWhy.\n"
OTHER = "Stress\tMetabolism\thallmark\tHALLMARK_GLYCOLYSIS\tWhy.\n"

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(text: str) -> Path:
        path = tmp_path / "themes.tsv"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


@pytest.fixture(scope="module")
def shipped() -> tuple[Theme, ...]:
    return load_themes()


def codes(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_themes(path)
    return [fault.code for fault in caught.value.faults]


class TestShipped:
    def test_themes_and_sub_themes_are_those_of_the_study_and_of_stress(self, shipped):
        assert {theme.name: list(theme.sub_themes) for theme in shipped} == {
            "Immune system": ["Innate", "Adaptive"],
            "Gene regulation": ["Chromatin", "Transcription"],
            "Neuroplasticity": ["Synapse", "Neurotrophins", "Plasticity"],
            "Stress and metabolism": ["Stress", "Metabolism"],
        }

    def test_every_sub_theme_rests_on_several_sets_of_more_than_one_collection(self, shipped):
        for theme in shipped:
            for name, members in theme.sub_themes.items():
                assert len(members) >= 5, name
                assert len({member.collection for member in members}) >= 2, name

    def test_every_rationale_is_its_own_sentence(self, shipped):
        rationales = [member.rationale for theme in shipped for member in theme.sets]
        assert all(text.endswith(".") and 20 < len(text) < 200 for text in rationales)
        assert len(set(rationales)) == len(rationales)

    def test_no_two_sets_are_nearly_the_same(self, shipped):
        members = [member for theme in shipped for member in theme.sets]
        for a, b in combinations(members, 2):
            ours, theirs = set(a.genes), set(b.genes)
            assert len(ours & theirs) / len(ours | theirs) < 0.8, (a.set_name, b.set_name)

    def test_each_set_has_one_theme(self, shipped):
        theme_of = {member.key: theme.name for theme in shipped for member in theme.sets}
        assert len(theme_of) == sum(len(theme.sets) for theme in shipped)
        assert theme_of["hallmark", "HALLMARK_INTERFERON_ALPHA_RESPONSE"] == "Immune system"
        assert theme_of["go_bp", "neurotrophin signaling pathway (GO:0038179)"] == "Neuroplasticity"


class TestReading:
    def test_order_comments_and_blank_lines(self, write):
        themes = load_themes(write("# note\n" + HEADER + OTHER + "\n# note\n" + ROW))
        assert [theme.name for theme in themes] == ["Stress", "Immune"]
        assert themes[1].sets[0].rationale == "Why."
        assert "C3" in themes[1].sets[0].genes

    def test_windows_line_ends_mean_the_same(self, write):
        text = HEADER + ROW + OTHER
        assert load_themes(write(text.replace("\n", "\r\n"))) == load_themes(write(text))

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", ["empty-file"]),
            (ROW, ["theme-columns"]),
            ("# only a comment\n", ["theme-columns"]),
            (HEADER, ["no-themes"]),
            (HEADER + ROW.replace("\tWhy.", ""), ["theme-fields"]),
            (HEADER + ROW.replace("Why.", " "), ["theme-fields"]),
            (HEADER + ROW.replace("\t", "  "), ["theme-fields"]),
            (HEADER + ROW.replace("hallmark", "kegg"), ["unknown-collection"]),
            (HEADER + ROW.replace("HALLMARK_", "HALLMARKS_"), ["unknown-set"]),
            (HEADER + ROW + ROW, ["theme-set-twice"]),
            (HEADER + ROW + ROW.replace("Immune", "Stress"), ["theme-set-twice"]),
            (
                HEADER
                + ROW
                + ROW
                + OTHER.replace("GLYCOLYSIS", "GLICOLYSIS")
                + OTHER.replace("hallmark", "kegg"),
                ["unknown-set", "unknown-collection", "theme-set-twice"],
            ),
        ],
    )
    def test_faults(self, write, text, expected):
        assert codes(write(text)) == expected

    def test_a_misspelt_set_gets_place_and_the_name_that_was_meant(self, write):
        with pytest.raises(InputError) as caught:
            load_themes(write(HEADER + OTHER + ROW.replace("COMPLEMENT", "COMPLEMENTS")))
        (fault,) = caught.value.faults
        assert fault.where == "themes.tsv, column 'set', row 3"
        assert "'HALLMARK_COMPLEMENT'" in fault.mend
