"""The rules as tables: for the command line, and for docs/risk-rules.md, which is generated from them."""

from __future__ import annotations

from migrate.risk.rules import RULES

__all__ = ["rules_document", "rules_table"]

_INTRODUCTION = """\
# Risk rules

Generated from `migrate/risk/rules/`: one file per rule. Write it again with
`python -c "from migrate.risk import rules_document; print(rules_document(), end='')" > docs/risk-rules.md`.

An application's **score** is 100 × the points of the rules that apply ÷ the points of the rules that could be
assessed: without the data a rule needs it is in neither. The **confidence** is the share of all points that could be
assessed. The two are shown apart, because missing data is not safety. Server rules look at the servers that are cut
over. Points and thresholds are planning values of this project; the references say why each thing matters.

Switch a rule off with its id in plan.toml: `[risk]`, `off = ["commercial-database"]`.
"""


def rules_table() -> tuple[dict[str, str | float], ...]:
    """Each rule by id: `id`, `title`, `measures`, `points`, `needs`, `reference`, `remedy`."""
    keys = ("id", "title", "measures", "points", "needs", "reference", "remedy")
    return tuple({key: getattr(rule, key) for key in keys} for rule in RULES)


def rules_document() -> str:
    """The text of docs/risk-rules.md."""
    lines = [_INTRODUCTION, f"{len(RULES)} rules, {sum(rule.points for rule in RULES):g} points.\n"]
    lines += ["| rule | points | what it measures |", "|---|--:|---|"]
    lines += [f"| [{rule.id}](#{rule.id}) | {rule.points:g} | {rule.measures} |" for rule in RULES]
    for rule in RULES:
        needs = f"- Needs: {rule.needs}.\n" if rule.needs else ""
        lines.append(
            f"\n## {rule.id}\n\n**{rule.title}.** {rule.measures}.\n\n- Points: {rule.points:g}\n{needs}"
            f"- What to do: {rule.remedy}\n- Reference: {rule.reference}"
        )
    return "\n".join(lines) + "\n"
