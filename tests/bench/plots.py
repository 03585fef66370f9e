# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plots of the benches' results, keyed by the name of their file."""

import statistics

import tables
from svg import Chart, Line, Panel


def fanout(results):
    costs = tables.viewer_costs(results)
    floor = tables.limit_ns(results)
    counts = sorted(n for n in costs if n > 1)
    ratios = [statistics.median(ns for _, ns in costs[n]) / floor
              for n in counts]
    shares = [statistics.median(c for c, _ in costs[n]) for n in counts]
    return Chart('Cost of a viewer, 720p30 at 2.6 Mbit/s', 'viewers', [
        Panel('CPU ÷ the cost of AES-GCM and one sendmsg per frame here', [
            Line('gateway', counts, ratios),
            Line('the floor', counts, [1] * len(counts)),
            Line('SRS', counts, [5.4] * len(counts))], low=0, high=6),
        Panel('CPU per viewer, % of a core', [
            Line('gateway', counts, shares),
            Line('SRS', counts, [0.19] * len(counts))], low=0, high=0.2),
    ]).draw()


def cumulative(name, shares_ms):
    points = sorted((float(share), ms) for share, ms in shares_ms.items())
    return Line(name, [x for x, _ in points], [ms for _, ms in points])


def hop(results):
    groups = tables.by(tables.of_bench(results, 'hop'), 'viewers')
    panels = []
    for (n,), rows in sorted(groups.items()):
        shares = {share: statistics.median(r['latency_ms'][share]
                                           for r in rows)
                  for share in rows[0]['latency_ms']}
        shares.pop('100')
        panels.append(Panel(f"{n} viewer{'s' if n > 1 else ''}, ms",
                            [cumulative('', shares)], low=0))
    return Chart('Last RTMP byte of a frame to its last datagram',
                 '% of the frames took at most', panels).draw()


def memory(results):
    rows = tables.of_bench(results, 'memory')
    slope, offset = tables.memory_slope(results)
    dots = Line('private', [r['viewers'] for r in rows],
                [r['private_kb'] / 1024 for r in rows], is_dots=True)
    last = max(r['viewers'] for r in rows)
    fitted = Line(f'{slope:.1f} KiB per viewer', [0, last],
                  [offset / 1024, (offset + slope * last) / 1024])
    return Chart('Memory of the gateway', 'viewers', [
        Panel('MiB', [dots, fitted], low=0)]).draw()


def join(results):
    rows = [row for run in tables.of_bench(results, 'join')
            for row in run['all']]
    places = [row['key_age_ms'] / 1000 for row in rows]
    gop = tables.of_bench(results, 'join')[0]['gop_s']
    return Chart(f'A join in Chromium, GOP of {gop:g} s',
                 'seconds since the last key frame', [
                     Panel('click to the first frame shown, ms', [
                         Line('', places, [r['first_ms'] for r in rows],
                              is_dots=True)], low=0),
                     Panel('click to live, ms', [
                         Line('', places, [r['live_ms'] for r in rows],
                              is_dots=True)], low=0)]).draw()


def glass(results):
    rows = tables.of_bench(results, 'glass')
    shares = {share: statistics.median(r['glass_ms'][share] for r in rows)
              for share in rows[0]['glass_ms']}
    shares.pop('100')
    return Chart('Glass to glass: from drawing a frame to Chromium showing it',
                 '% of the frames took at most',
                 [Panel('ms', [cumulative('', shares)], low=0)]).draw()


def draw_all(results):
    names = {r['bench'] for r in results}
    drawings = {}
    if 'limit' in names and len(tables.viewer_costs(results)) > 2:
        drawings['fanout'] = fanout(results)
    for draw in (hop, memory, join, glass):
        if draw.__name__ in names:
            drawings[draw.__name__] = draw(results)
    return drawings
