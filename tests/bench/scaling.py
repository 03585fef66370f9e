#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How many machines a number of viewers takes: prints the tables of
docs/scaling.md, from constants that were measured and are kept in
tests/bench/scaling.json. --publish reads those of docs/benchmarks.md again and
puts the tables into the page; --count counts a viewer's packets again; --check
starts real edges on this machine and compares."""

import argparse
import json
import pathlib
import re
import sys

import capacity
import report
import tables

HERE = pathlib.Path(__file__).resolve().parent
CONSTANTS = HERE / 'scaling.json'
BENCHMARKS = report.DOCS / 'benchmarks.md'

RATES = ['2.6', '6']
AUDIENCES = [10_000, 100_000, 1_000_000]
# Two cores are what was measured; the others are what machines for this have.
MACHINES = [capacity.Machine(2, 1), capacity.Machine(8, 10),
            capacity.Machine(8, 25), capacity.Machine(16, 25)]
EDGE = MACHINES[1]
SMALL = MACHINES[0]
MANY_STREAMS = 1000
# In which everybody comes: the beginning of a match.
RUSH_S = 60

CELL = re.compile(r'\s*(-?[\d.]+)[^(]*(?:\(([\d.]+)–([\d.]+)\))?')


def read_json():
    return json.loads(CONSTANTS.read_text('utf-8'))


def write_json(constants):
    """A constant per line."""
    lines = ['{']
    for group, entries in constants.items():
        lines.append(f'  {json.dumps(group)}: {{')
        lines += [f'    {json.dumps(key)}: '
                  f'{json.dumps(entry, ensure_ascii=False)},'
                  for key, entry in entries.items()]
        lines[-1] = lines[-1].rstrip(',')
        lines.append('  },')
    lines[-1] = '  }'
    CONSTANTS.write_text('\n'.join([*lines, '}', '']), 'utf-8')


def find_cell(page, where):
    """The text of a cell of docs/benchmarks.md, or of a table's title."""
    block = re.search(rf'<!-- bench {where["table"]} -->\n(.*?)<!-- end -->',
                      page, re.S).group(1)
    if 'text' in where:
        return re.search(where['text'], block).group(1)
    rows = [[cell.strip() for cell in line.strip('|').split('|')]
            for line in block.splitlines() if line.startswith('|')]
    column = rows[0].index(where['column'])
    return next(row[column] for row in rows
                if f"{' | '.join(row)} |".startswith(f"{where['row']} |"))


def take(constants):
    """Reads the constants of docs/benchmarks.md: the median, and the lowest and
    the highest where there were several runs."""
    page = BENCHMARKS.read_text('utf-8')
    for where in constants['cells'].values():
        value, low, high = CELL.match(find_cell(page, where)).groups()
        where.update(value=float(value), low=float(low or value),
                     high=float(high or value))


def percent(value):
    return f'{value:.3f} %' if value < 1 else f'{value:.1f} %'


def number(value):
    return f'{value:,}'


def gbit(mbit):
    value = mbit / 1000
    return f'{value:,.0f} Gbit/s' if value >= 100 else f'{value:.3g} Gbit/s'


def millions(value):
    return ('more than 1,000 million' if value > 1e9 else
            f'{value / 1e6:,.0f} million')


def uplink(costs, rate, n_pulls):
    """Bold where it is more than one origin has."""
    text = gbit(n_pulls * costs.pull_mbit(rate))
    fits = n_pulls <= capacity.pulls_of_origin(costs, EDGE, rate)[0]
    return text if fits else f'**{text}**'


def cell_spread(cell, unit):
    if cell['low'] == cell['high']:
        return 'one run'
    return f"{cell['low']:g}–{cell['high']:g} {unit}"


def write_costs(costs):
    stream, low, high = costs.stream_percents()
    viewers = costs.viewer_percents()
    shares = [share for n, share in viewers if n >= 50]
    fewest, most = min(n for n, _ in viewers if n >= 50), viewers[-1][0]
    cells = costs.cells
    rows = [
        ['a gateway with one stream, without viewers',
         percent(costs.value('gateway_0')),
         cell_spread(cells['gateway_0'], '%'), '`fanout`'],
        ['each further stream', percent(stream),
         f'{low:.1f}–{high:.1f} % between the rows', '`streams`']]
    rows += [
        [f'a viewer, {rate} Mbit/s', percent(costs.viewer_percent(rate)),
         f'{min(shares):.3f}–{max(shares):.3f} %, {fewest} to {most} viewers'
         if rate == RATES[0] else 'by its packets', '`fanout`']
        for rate in RATES]
    rows += [
        [f'an edge that pulls {rate} Mbit/s, at its origin',
         percent(costs.player_percent(rate)),
         cell_spread(cells['play_200'], '% for 200'), '`play`']
        for rate in RATES]
    rows += [
        ['a join, one after another', f"{costs.value('join_us') / 1000:.2f} ms",
         cell_spread(cells['join_us'], 'µs'), '`joins`'],
        ['a join, 800 at once', f"{costs.value('storm_us') / 1000:.2f} ms",
         cell_spread(cells['storm_us'], 'µs'), '`storm`'],
        ['memory of a viewer', f"{costs.value('viewer_kib'):g} KiB",
         cell_spread(cells['viewer_kib'], 'KiB'), '`memory`'],
        ['memory of a gateway with one stream',
         f"{costs.value('process_mib'):g} MiB",
         cell_spread(cells['process_mib'], 'MiB'), '`memory`']]
    return tables.table('', ['what', 'CPU of a core, or memory', 'spread',
                             'bench'], rows)


def write_wire(costs):
    return tables.table('', [
        'stream', 'media', 'packets/s', 'a viewer, on the wire',
        'a pull, on the wire'], [
            [f'{rate} Mbit/s', f'{costs.media_mbit(rate):.2f} Mbit/s',
             f'{costs.packets_per_s(rate):.0f}',
             f'{costs.viewer_mbit(rate):.2f} Mbit/s',
             f'{costs.pull_mbit(rate):.2f} Mbit/s'] for rate in RATES])


def write_edge(costs):
    rows = []
    for machine in MACHINES:
        for rate in RATES:
            edge = capacity.Edge(costs, machine, rate)
            rows.append([machine, f'{rate} Mbit/s', number(edge.by_nic),
                         number(edge.by_cpu), number(edge.viewers),
                         edge.first_limit()])
    return tables.table('', ['edge', 'stream', 'viewers by its port', 'by CPU',
                             'planned', 'first limit'], rows)


def write_first(costs):
    """What an edge has of everything, in viewers."""
    rate = RATES[0]
    edge = capacity.Edge(costs, EDGE, rate)
    reserve = EDGE.cores * (1 - capacity.CPU_FILL)
    join_us = costs.value('storm_us')
    fill_s = ((edge.viewers - capacity.REQUESTS_BURST)
              / capacity.REQUESTS_PER_S)
    return tables.table('', ['what', 'of it', 'is used up by'], [
        ['port', f'{100 * capacity.NIC_FILL:.0f} % of {EDGE.nic_gbit:g} Gbit/s',
         f'{number(edge.by_nic)} viewers'],
        ['`max-viewers`', 'the highest value',
         f'{number(capacity.MAX_VIEWERS)} viewers'],
        ['CPU', f'{100 * capacity.CPU_FILL:.0f} % of {EDGE.cores} cores',
         f'{number(edge.by_cpu)} viewers'],
        ['memory', '1 GiB',
         f"{number(int(2 ** 20 / costs.value('viewer_kib')))} viewers"],
        ['CPU for joins', f'the other {reserve:.1f} cores',
         f'{number(int(reserve * 1e6 / join_us))} joins/s, each of which costs '
         f'what {join_us / 1e4 / costs.viewer_percent(rate):.1f} s of watching '
         'do'],
        ['session requests of one HAProxy',
         f'{capacity.REQUESTS_BURST} at once, then '
         f'{capacity.REQUESTS_PER_S} a second',
         f'all {number(edge.viewers)} viewers in {max(fill_s, 0):.0f} s']])


def write_levels(costs):
    rows = []
    for machine in (SMALL, EDGE):
        for rate in RATES:
            edge = capacity.Edge(costs, machine, rate)
            n_pulls, limit = capacity.pulls_of_origin(costs, machine, rate)
            rows.append([machine, f'{rate} Mbit/s', number(n_pulls), limit,
                         number(n_pulls * edge.viewers),
                         millions(n_pulls * n_pulls * edge.viewers)])
    return tables.table('', [
        'origin and edges', 'stream', 'edges of an origin', 'first limit',
        'viewers behind one level', 'behind two'], rows)


def write_machines(costs):
    """One stream for everybody."""
    rows = []
    for n_viewers in AUDIENCES:
        for rate in RATES:
            edges = [-(-n_viewers // capacity.Edge(costs, machine,
                                                   rate).viewers)
                     for machine in (SMALL, EDGE, MACHINES[2])]
            joins = n_viewers / RUSH_S
            rows.append([
                number(n_viewers), f'{rate} Mbit/s',
                gbit(n_viewers * costs.viewer_mbit(rate)),
                *map(number, edges),
                *(uplink(costs, rate, n) for n in edges[:2]),
                number(round(joins)),
                f"{joins * costs.value('storm_us') / 1e4 / edges[1]:.1f} %"])
    return tables.table('', [
        'viewers', 'stream', 'traffic', f'edges of {SMALL}',
        f'of {EDGE}', f'of {MACHINES[2]}',
        f'origin’s uplink, {SMALL.nic_gbit:g} Gbit/s edges',
        f'{EDGE.nic_gbit:g} Gbit/s edges',
        f'joins/s, if all come in {RUSH_S} s',
        f'CPU of a core for them, {EDGE.nic_gbit:g} Gbit/s edges'], rows)


def write_streams(costs):
    """A thousand streams, placed by a simulation."""
    rows = []
    for n_viewers in AUDIENCES:
        for rate in RATES:
            n_edges, placement = capacity.place(costs, EDGE, rate, n_viewers,
                                                MANY_STREAMS)
            n_pulls = placement.n_pulls()
            n_origins = capacity.origins(costs, EDGE, rate, MANY_STREAMS,
                                         n_pulls)
            rows.append([
                number(n_viewers), f'{rate} Mbit/s', number(n_edges),
                number(max(map(len, placement.streams))),
                f'{placement.busiest_percent(costs, rate) / 100:.1f} cores',
                number(n_pulls), number(n_origins),
                gbit(n_pulls * costs.pull_mbit(rate) / n_origins),
                number(capacity.directory_commands(
                    n_edges + n_origins, MANY_STREAMS, n_pulls))])
    return tables.table('', [
        'viewers', 'stream', 'edges', 'streams at the edge with most',
        'CPU of the busiest', 'pulls', 'origins', 'uplink of each',
        "Redis' commands/s"], rows)


def write_all(constants):
    costs = capacity.Costs(constants)
    return {'scaling-costs': write_costs(costs),
            'scaling-wire': write_wire(costs),
            'scaling-edge': write_edge(costs),
            'scaling-first': write_first(costs),
            'scaling-levels': write_levels(costs),
            'scaling-machines': write_machines(costs),
            'scaling-streams': write_streams(costs)}


def publish():
    """To be called whenever docs/benchmarks.md has changed."""
    constants = read_json()
    take(constants)
    write_json(constants)
    return report.publish(write_all(constants), {})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', type=pathlib.Path,
                        default=pathlib.Path('_build'))
    parser.add_argument('--publish', action='store_true',
                        help='take the constants from docs/benchmarks.md, and '
                        'put the tables into docs/scaling.md')
    parser.add_argument('--count', action='store_true',
                        help="count a viewer's packets at both bit rates")
    parser.add_argument('--check', action='store_true',
                        help='compare with 1, 2 and 4 real edges')
    parser.add_argument('--viewers', type=int, default=50,
                        help='of each edge, with --check')
    parser.add_argument('--seconds', type=int, default=8,
                        help='how long each run is measured')
    options = parser.parse_args()
    options.build = options.build.resolve()

    constants = read_json()
    if options.check or options.count:
        # Needs the build's programs, which the tables do not.
        import fleet
        if options.count:
            constants['counts'] = fleet.count(options, RATES)
            write_json(constants)
            print(write_wire(capacity.Costs(constants)))
        if options.check:
            results = fleet.check(options, capacity.Costs(constants))
            text = fleet.write_check(results)
            print(text)
            if options.publish:
                report.publish({'scaling-check': text}, {})
        return
    if options.publish:
        missing = publish()
        if missing:
            sys.exit(f'no place in docs/ for {", ".join(missing)}')
    for name, text in write_all(read_json()).items():
        print(f'{name}:\n\n{text}')


if __name__ == '__main__':
    main()
