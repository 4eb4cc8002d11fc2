from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.de.script import CARRIED, RECODING, SCORING, TOKENS
from core.export import template as template_module
from core.export.template import body, fill, fill_script, source_of
from core.models.validation_script import RULES
from core.pathways.scores_script import TMM, VOOM


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "template.txt"
    path.write_text('"""@TITLE@\n\n@PROVENANCE@\n"""\nNAME = @NAME@\n@CODE@\n', encoding="utf-8")
    return path


def test_a_value_that_looks_like_a_mark_is_left_alone(template: Path):
    values = {"TITLE": "@NAME@", "PROVENANCE": "@TITLE@", "NAME": "'@CODE@'", "CODE": "pass"}
    assert fill(template, values) == '"""@NAME@\n\n@TITLE@\n"""\nNAME = \'@CODE@\'\npass\n'


def test_a_mark_without_a_value_is_an_error(template: Path):
    with pytest.raises(KeyError, match="PROVENANCE"):
        fill(template, {"TITLE": ""})


def test_settings_are_literals_and_code_stands_as_it_is(template: Path):
    hostile = 'it\'s "quoted"; \\'
    script = fill_script(
        template, title="A", provenance="", settings={"NAME": hostile}, code={"CODE": "OTHER = 1"}
    )
    found = {n.targets[0].id: ast.literal_eval(n.value) for n in ast.parse(script).body[1:]}
    assert found == {"NAME": hostile, "OTHER": 1}
    assert "(no provenance line)" in script


def test_no_text_ends_or_escapes_the_docstring(template: Path):
    script = fill_script(
        template, title='"""; x\\', provenance='"""\nimport os', settings={"NAME": 1}, code={"CODE": ""}
    )
    assert [type(node) for node in ast.parse(script).body] == [ast.Expr, ast.Assign]


def test_the_body_of_a_module_leaves_its_docstring_and_imports_out(tmp_path: Path):
    path = tmp_path / "module.py"
    path.write_text(
        '"""What it is."""\n\nimport os\nfrom re import sub\n\nA = 1\n\n\ndef f():\n    return A\n'
    )
    assert body(path) == "A = 1\n\n\ndef f():\n    return A\n"


@pytest.mark.parametrize("method", CARRIED)
def test_what_scripts_carry_is_there(method: str):
    for path in (*map(source_of, CARRIED[method]), *SCORING, RECODING, TOKENS, *RULES, VOOM, TMM):
        assert body(path)


def test_a_module_is_found_by_its_name():
    assert source_of("core.export.template") == Path(template_module.__file__)
