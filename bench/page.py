"""docs/reference/performance.md: its tables and plots come from what was measured, never from a hand."""
import json
import re
import shutil

import lab

OUT = lab.ROOT / "build" / "bench"
PAGE = lab.ROOT / "docs" / "reference" / "performance.md"
NO_GOAL = 1e9  # the limit of a figure that is only shown
PLOTS = ("load.svg", "grants.svg")


def short(number):
    """As many digits as say something."""
    return f"{number:.0f}" if abs(number) >= 20 else f"{number:.1f}"


def digits(row):
    """Enough behind the point to be seen beside the limit."""
    return 3 if row["limit"] < 0.1 else 2


def where_and_when(report):
    said = report["machine"]
    return (f"{report['date']}, {said['cores']} cores ({said['cpu']}), Linux {said['kernel']}, {said['clang']}, "
            f"{said['openssl'].partition(' (')[0]}, {said['postgresql']}, Node {said['node']}, Glewlwyd {said.get('glewlwyd', 'not there')}; commit "
            f"{said['commit']}; {report['rounds']} rounds, runs of {report['requests']:,} requests.\n")


def line(row):
    unit = "" if row["unit"] in ("us", "") else " " + row["unit"]
    kernel = "" if row.get("kernel") is None else short(row["kernel"])
    ratio, low, high = (f"{each:.{digits(row)}f}" for each in (row["ratio"], *row["spread"]))
    has_goal = row["limit"] < NO_GOAL
    goal = f"at {'least' if row['at_least'] else 'most'} {row['limit']}" if has_goal else ""
    cells = [row["goal"], row["store"], row["what"], short(row["above"]) + unit, kernel, short(row["below"]) + unit, ratio,
             f"{low} to {high}", goal, ("met" if row["met"] else "missed") if has_goal else ""]
    return "| " + " | ".join(cells) + " |"


def table(reports):
    """Where and when, and a line for each goal on each store, from one or several reports."""
    rows = sorted((row for report in reports for row in report["goals"]), key=lambda row: int(row["goal"][1:]))
    head = "| goal | store | what | above | of it the kernel's | below | ratio | spread | wanted | |"
    return "\n".join([*dict.fromkeys(map(where_and_when, reports)), head, "|---" * 10 + "|", *map(line, rows)])


def read(paths):
    return [json.loads(open(path, encoding="utf-8").read()) for path in paths]


def put(text, name, what):
    """`what` between the page's two comments of that name."""
    begin, end = f"<!-- {name}: ./dev bench --page -->", f"<!-- end of {name} -->"
    changed, times = re.subn(f"{begin}.*?{end}", lambda _: f"{begin}\n{what}\n{end}", text, flags=re.DOTALL)
    if times != 1:
        raise SystemExit(f"{PAGE.name} has no place for {name}")
    return changed


def fill(paths):
    """Writes figures, profiles and plots into the page, as far as they have been measured."""
    text = put(PAGE.read_text(encoding="utf-8"), "figures", table(read(paths)))
    profiles = [OUT / f"profile-{store}.md" for store in ("sqlite", "postgres")]
    if all(each.exists() for each in profiles):
        text = put(text, "profile", "\n".join(each.read_text(encoding="utf-8") for each in profiles).rstrip())
    PAGE.write_text(text, encoding="utf-8")
    for plot in PLOTS:
        if (OUT / plot).exists():
            shutil.copy(OUT / plot, PAGE.parent / plot)
