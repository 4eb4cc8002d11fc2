from __future__ import annotations

from itertools import combinations

from core.figures.house.labels import LINE, Label, _box, place


def test_placed_labels_do_not_overlap() -> None:
    labels = [Label(f"GENE{i}", 0.3 + 0.02 * i, 0.9) for i in range(12)]
    boxes = [_box(spot) for spot in place(labels)]
    assert len(boxes) > 5
    assert not any(a.meets(b) for a, b in combinations(boxes, 2))


def test_names_of_several_lines_do_not_overlap() -> None:
    labels = [Label(f"negative regulation\nof immune response {i}", 0.3 + 0.05 * i, 0.5) for i in range(9)]
    boxes = [_box(spot) for spot in place(labels)]
    assert len(boxes) > 2
    assert not any(a.meets(b) for a, b in combinations(boxes, 2))
    assert all(box.bottom - box.top == 2 * LINE for box in boxes)


def test_what_is_needed_is_placed_even_in_a_crowd() -> None:
    labels = [Label(f"GENE{i}", 0.5, 0.5) for i in range(80)]
    placed = place(labels, needed=60)
    assert [spot.label for spot in placed][:60] == labels[:60]
    assert len(placed) < 80


def test_nothing_to_place() -> None:
    assert place([]) == []
