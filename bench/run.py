#!/usr/bin/env python3
"""./dev bench: measures the goals, five interleaved rounds each, and writes build/bench/report.json."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys

import lab
import page
import plots
from goals import GOALS, Bench

OUT = page.OUT


def said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return "not there"


def machine():
    model = [line.partition(":")[2].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
             if line.startswith("model name")]
    return {"cpu": model[0] if model else "", "cores": os.cpu_count(), "kernel": platform.release(),
            "load": os.getloadavg()[0], "commit": said("git", "-C", str(lab.ROOT), "describe", "--always", "--dirty"),
            "claviger": said(str(lab.BUILD / "claviger"), "version"), "clang": said("clang++-19", "--version"),
            "openssl": said("openssl", "version"), "node": said("node", "--version"),
            "postgresql": said(lab.Postgres.BIN + "/postgres", "--version"), "glewlwyd": said("glewlwyd", "--version")}


def chosen(names, engine):
    return [goal for goal in GOALS if engine in goal.engines and (not names or goal.id in names)]


def measure(engine, goals, requests, rounds):
    """Round after round over all goals: what drifts, drifts for all of them."""
    results = {}
    bench = Bench(engine, requests)
    try:
        for number in range(rounds):
            for goal in goals:
                print(f"  {engine} round {number + 1}/{rounds}  {goal.id}", file=sys.stderr, flush=True)
                for figure in attempt(goal, bench):
                    results.setdefault((goal, figure.label), []).append(figure)
    finally:
        bench.close()
    return [summary(engine, goal, label, figures) for (goal, label), figures in results.items()]


def attempt(goal, bench):
    """What went wrong with one goal is told, and takes nothing from the others."""
    try:
        return goal.trial(bench)
    except (SystemExit, OSError, subprocess.SubprocessError) as failure:
        print(f"  {goal.id} was not measured: {failure}", file=sys.stderr, flush=True)
        return []


def summary(engine, goal, label, figures):
    ratios = [figure.ratio for figure in figures]
    limit = figures[0].limit if figures[0].limit is not None else goal.limit
    at_least = figures[0].at_least or goal.at_least
    median = statistics.median(ratios)
    met = median >= limit if at_least else median <= limit
    return {"goal": goal.id, "store": engine, "what": label, "unit": figures[0].unit,
            "above": statistics.median(figure.above for figure in figures),
            "below": statistics.median(figure.below for figure in figures),
            "kernel": statistics.median(figure.kernel for figure in figures) if figures[0].kernel is not None else None,
            "ratio": median, "spread": [min(ratios), max(ratios)], "runs": len(ratios),
            "limit": limit, "at_least": at_least, "met": met}


def table(rows):
    print(f"{'':4} {'':8} {'':62} {'above':>10} {'below':>10} {'ratio':>7}  {'spread':>13}  goal")
    for row in rows:
        goal = f"{'>=' if row['at_least'] else '<='} {row['limit']} {'met' if row['met'] else 'MISSED'}"
        spread = f"{row['spread'][0]:.2f}-{row['spread'][1]:.2f}"
        print(f"{row['goal']:4} {row['store']:8} {row['what'][:62]:62} {row['above']:>10.1f} {row['below']:>10.1f} "
              f"{row['ratio']:>7.2f}  {spread:>13}  {goal if row['limit'] < page.NO_GOAL else ''}")


def draw_curves():
    OUT.mkdir(parents=True, exist_ok=True)
    load = plots.measure_load()
    plots.draw_load(load, OUT / "load.svg")
    for point in load:
        print(f"{point['connections']:>9} connections {point['per_second']:>9.0f}/s  p50 {point['p50_us']:>7} us"
              f"  p99 {point['p99_us']:>7} us")
    grants = plots.measure_grants()
    plots.draw_grants(grants, OUT / "grants.svg")
    for point in grants:
        print(f"{point['grants']:>9} grants  sqlite {point['sqlite']:>6.0f} us  postgres {point['postgres']:>6.0f} us"
              f" and {point['postgres itself']:.0f} us of its own")
    write_json("curves.json", {"machine": machine(), "load": load, "grants": grants})
    print(OUT / "load.svg", OUT / "grants.svg", sep="\n")


def write_json(name, what):
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / name).write_text(json.dumps(what, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("goal", nargs="*", help=", ".join(goal.id for goal in GOALS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=20000, help="of a measured run")
    parser.add_argument("--store", choices=["sqlite", "postgres"], action="append")
    parser.add_argument("--curves", action="store_true", help="draw throughput and latency against load, and cost against grants")
    parser.add_argument("--markdown", nargs="*", metavar="REPORT", help="print the table of reports that are there, measure nothing")
    parser.add_argument("--page", nargs="*", metavar="REPORT", help="write them, the profiles and the plots into the page")
    arguments = parser.parse_args()
    unknown = set(arguments.goal) - {goal.id for goal in GOALS}
    if unknown:
        parser.error(f"no goal {', '.join(sorted(unknown))}")
    if arguments.markdown is not None:
        print(page.table(page.read(arguments.markdown or [OUT / "report.json"])))
        return
    if arguments.page is not None:
        page.fill(arguments.page or [OUT / "report.json"])
        return
    if arguments.curves:
        draw_curves()
        return
    measure_all(arguments)


def measure_all(arguments):
    rows, missing = [], []
    for engine in arguments.store or ["sqlite", "postgres"]:
        goals = chosen(arguments.goal, engine)
        if goals:
            measured = measure(engine, goals, arguments.requests, arguments.rounds)
            missing += [f"{goal.id} on {engine}" for goal in goals if goal.id not in {row["goal"] for row in measured}]
            rows += measured
    report = {"date": datetime.date.today().isoformat(), "machine": machine(), "rounds": arguments.rounds,
              "requests": arguments.requests, "goals": rows, "not_measured": missing}
    write_json("report.json", report)
    table(rows)
    if missing:
        print(f"not measured: {', '.join(missing)}")
    print(f"\n{OUT / 'report.json'}")


if __name__ == "__main__":
    main()
