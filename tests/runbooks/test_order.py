from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from migrate.runbooks import cutover_order
from tests.factories import make_dependency

names = st.sampled_from("ABCDEFGH")


@given(st.lists(st.tuples(names, names), max_size=20))
def test_a_provider_never_comes_after_its_consumer(pairs: list[tuple[str, str]]) -> None:
    needs = [make_dependency(consumer, provider) for consumer, provider in pairs if consumer != provider]
    turns = {turn.application: turn for turn in cutover_order("ABCDEFGH", needs)}
    assert sorted(turns) == list("ABCDEFGH")
    for consumer, provider in pairs:
        assert turns[provider].order <= turns[consumer].order
    for turn in turns.values():
        assert all(turns[name].order < turn.order for name in turn.waits_for)


def test_a_cycle_goes_together_after_what_it_needs() -> None:
    needs = [make_dependency("A", "B"), make_dependency("B", "A"), make_dependency("B", "C")]
    turns = {turn.application: (turn.order, turn.waits_for) for turn in cutover_order("ABC", needs)}
    assert turns == {"C": (1, ()), "A": (2, ("C",)), "B": (2, ("C",))}


def test_soft_and_external_dependencies_do_not_order() -> None:
    needs = [make_dependency("A", "B", strength="soft"), make_dependency("A", "B", external=True)]
    assert {turn.order for turn in cutover_order("AB", needs)} == {1}
