#!/usr/bin/python3
"""Draws conf/grafana-dashboard.json as an SVG, with the numbers that a Prometheus has.

    dashboard_picture.py --prometheus http://127.0.0.1:9090 --minutes 5 > docs/pictures/dashboard.svg

It asks the queries of each panel as Grafana would and puts the panels where the dashboard has them. Colours, lines and
letters are its own: what Grafana makes of it looks better.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path
from xml.sax.saxutils import escape

DASHBOARD = Path(__file__).resolve().parents[3] / "conf" / "grafana-dashboard.json"
COLUMN, ROW, GAP = 44, 24, 8
COLOURS = ("#2f81f7", "#d29922", "#3fb950", "#db61a2", "#a371f7", "#f0883e", "#39c5cf", "#f85149")
POINTS = 120

Series = tuple[str, list[tuple[float, float]]]


def ask(prometheus: str, query: str, begin: float, end: float) -> list[dict]:
    """The series that a query has from `begin` to `end`, in seconds since 1970."""
    step = max(1, (end - begin) / POINTS)
    arguments = urllib.parse.urlencode({"query": query, "start": begin, "end": end, "step": step})
    with urllib.request.urlopen(f"{prometheus}/api/v1/query_range?{arguments}", timeout=10) as answer:
        return json.load(answer)["data"]["result"]


def series(prometheus: str, panel: dict, begin: float, end: float) -> list[Series]:
    found: list[Series] = []
    for target in panel["targets"]:
        query = target["expr"].replace("$instance", ".*").replace("$__rate_interval", "30s")
        for one in ask(prometheus, query, begin, end):
            name = re.sub(r"{{(\w+)}}", lambda label: one["metric"].get(label.group(1), ""), target["legendFormat"])
            values = [(float(at), float(value)) for at, value in one["values"]]
            found.append((name, [(at, value) for at, value in values if math.isfinite(value)]))
    return [one for one in found if one[1]]


def number(value: float, unit: str) -> str:
    if unit == "bytes":
        return f"{value / 2**20:.0f} MiB"
    if unit == "percentunit":
        return f"{100 * value:.3g} %"
    if unit == "s":
        return f"{value:.0f} s" if value >= 10 else f"{1000 * value:.3g} ms"
    return f"{value:.3g}" + (" /s" if unit == "reqps" else "")


def text(x: float, y: float, words: str, size: int = 11, colour: str = "#57606a", anchor: str = "start") -> str:
    return f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' fill='{colour}' text-anchor='{anchor}'>{escape(words)}</text>"


def stat(found: list[Series], unit: str, x: float, y: float, width: float, height: float) -> list[str]:
    last = number(found[0][1][-1][1], unit) if found else "no data"
    return [text(x + width / 2, y + height / 2 + 22, last, 28, "#1a7f37", "middle")]


def chart(found: list[Series], unit: str, begin: float, end: float, x: float, y: float, width: float, height: float) -> list[str]:
    left, right, top, bottom = x + 58, x + width - 10, y + 30, y + height - 34
    if not found:
        return [text((left + right) / 2, (top + bottom) / 2, "no data", 12, "#8c959f", "middle")]
    most = max(value for _, points in found for _, value in points) or 1.0
    drawn = []
    for part in (0, 0.5, 1):
        at = bottom - (bottom - top) * part
        drawn.append(f"<path d='M{left:.1f} {at:.1f}H{right:.1f}' stroke='#d8dee4'/>")
        drawn.append(text(left - 6, at + 4, number(most * part, unit), 10, anchor="end"))
    legend = left
    for index, (name, points) in enumerate(found):
        colour = COLOURS[index % len(COLOURS)]
        path = "L".join(
            f"{left + (right - left) * (at - begin) / (end - begin):.1f} {bottom - (bottom - top) * value / most:.1f}"
            for at, value in points
        )
        drawn.append(f"<path d='M{path}' fill='none' stroke='{colour}' stroke-width='1.5'/>")
        if legend + 6.2 * len(name) <= right:
            drawn.append(text(legend, y + height - 12, name, 10, colour))
        legend += 6.2 * len(name) + 12
    return drawn


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--prometheus", required=True)
    arguments.add_argument("--minutes", type=float, default=5)
    given = arguments.parse_args()
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    end = time.time()
    begin = end - 60 * given.minutes
    places = [panel["gridPos"] for panel in dashboard["panels"]]
    width = 24 * COLUMN + GAP
    height = max(place["y"] + place["h"] for place in places) * ROW + GAP
    drawn = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' font-family='sans-serif'>",
        f"<title>{escape(dashboard['title'])}: the dashboard's panels, drawn from a run's numbers</title>",
        "<rect width='100%' height='100%' fill='#f6f8fa'/>",
    ]
    for panel, place in zip(dashboard["panels"], places):
        x, y = place["x"] * COLUMN + GAP, place["y"] * ROW + GAP
        wide, high = place["w"] * COLUMN - GAP, place["h"] * ROW - GAP
        unit = panel["fieldConfig"]["defaults"].get("unit", "short")
        found = series(given.prometheus, panel, begin, end)
        drawn.append(f"<rect x='{x}' y='{y}' width='{wide}' height='{high}' fill='white' stroke='#d0d7de'/>")
        drawn.append(text(x + 10, y + 18, panel["title"], 13, "#1f2328"))
        drawn += stat(found, unit, x, y, wide, high) if panel["type"] == "stat" else chart(found, unit, begin, end, x, y, wide, high)
    sys.stdout.write("\n".join([*drawn, "</svg>", ""]))


if __name__ == "__main__":
    main()
