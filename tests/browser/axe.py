"""axe-core on what a page shows now: names, roles, contrast, what is nested in what (WCAG 2.1 A and AA)."""

from pathlib import Path

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RUN = "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"


def barriers(page):
    """What bars people from a page: rule, element and what is wrong with it, one line each."""
    page.evaluate(AXE.read_text(encoding="utf-8") + ";undefined")
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for rule in page.evaluate(RUN)["violations"]
        for node in rule["nodes"]
    ]
