# SPDX-License-Identifier: LGPL-2.1-or-later
"""Charts as SVG: lines or dots over one axis, in panels below each other."""

import html
import math

WIDTH = 760
PANEL = 150
LEFT, RIGHT, TOP, BETWEEN, BOTTOM = 64, 24, 56, 46, 44
COLOURS = ['#2563eb', '#dc2626', '#059669', '#d97706', '#7c3aed']
STYLE = '''
  text { font: 12px system-ui, sans-serif; fill: #475569 }
  .title { font-size: 15px; font-weight: 600; fill: #0f172a }
  .panel { font-weight: 600; fill: #0f172a }
  .grid { stroke: #e2e8f0 } .axis { stroke: #94a3b8 }
  .line { fill: none; stroke-width: 1.5; stroke-linejoin: round }
  .fit { fill: none; stroke-width: 1; stroke-dasharray: 5 4; opacity: .8 }
  .dot { fill-opacity: .85 }
'''


def nice_ticks(low, high, n_ticks=4):
    """Round numbers that cover the range from @low to @high."""
    span = max(high - low, 1e-9)
    power = 10 ** math.floor(math.log10(span / n_ticks))
    step = next(s * power for s in (1, 2, 2.5, 5, 10)
                if span / (s * power) <= n_ticks)
    first = math.floor(low / step)
    return [step * i for i in range(first, math.ceil(high / step) + 1)]


def number(value):
    return f'{value:.10g}'


class Line:
    """@fit: (slope, offset), drawn dashed from the first x that counted."""

    def __init__(self, name, xs, ys, fit=None, fit_from=0, is_dots=False):
        self.name, self.xs, self.ys = name, xs, ys
        self.fit, self.fit_from, self.is_dots = fit, fit_from, is_dots


class Panel:
    def __init__(self, title, lines, low=None, high=None):
        self.title, self.lines = title, lines
        ys = [y for line in lines for y in line.ys]
        low = min(ys) if low is None else low
        self.ticks = nice_ticks(low, max(ys) if high is None else high)

    def place(self, value):
        low, high = self.ticks[0], self.ticks[-1]
        share = (value - low) / (high - low)
        return PANEL * (1 - min(max(share, 0), 1))


class Chart:
    def __init__(self, title, x_title, panels):
        self.title, self.x_title, self.panels = title, x_title, panels
        xs = [x for p in panels for line in p.lines for x in line.xs]
        self.x_ticks = nice_ticks(min(xs), max(xs), 6)
        self.x_low, self.x_high = min(xs), max(xs)
        self.out = []

    def place(self, x):
        share = (x - self.x_low) / max(self.x_high - self.x_low, 1e-9)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def add(self, text):
        self.out.append(text)

    def text(self, x, y, words, kind='', anchor='start', colour=None):
        fill = f' style="fill:{colour}"' if colour else ''
        self.add(f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" '
                 f'text-anchor="{anchor}"{fill}>{html.escape(words)}</text>')

    def draw(self):
        n_panels = len(self.panels)
        height = TOP + n_panels * PANEL + (n_panels - 1) * BETWEEN + BOTTOM
        self.out = [
            f'<svg xmlns="http://www.w3.org/2000/svg" '
            f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}" role="img">',
            f'<title>{html.escape(self.title)}</title>',
            f'<style>{STYLE}</style>',
            '<rect width="100%" height="100%" fill="#fff"/>']
        self.text(LEFT, 22, self.title, 'title')
        for i, panel in enumerate(self.panels):
            self.draw_panel(panel, TOP + i * (PANEL + BETWEEN))
        bottom = height - BOTTOM
        for x in self.x_ticks:
            if self.x_low <= x <= self.x_high:
                self.text(self.place(x), bottom + 18, number(x),
                          anchor='middle')
        self.text((LEFT + WIDTH - RIGHT) / 2, bottom + 36, self.x_title,
                  anchor='middle')
        self.add('</svg>')
        return '\n'.join(self.out) + '\n'

    def draw_panel(self, panel, top):
        self.text(LEFT, top - 10, panel.title, 'panel')
        for tick in panel.ticks:
            y = top + panel.place(tick)
            kind = 'axis' if tick == panel.ticks[0] else 'grid'
            self.add(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" '
                     f'y2="{y:.1f}" class="{kind}"/>')
            self.text(LEFT - 8, y + 4, number(tick), anchor='end')
        right = WIDTH - RIGHT
        for i, line in reversed(list(enumerate(panel.lines))):
            self.text(right, top - 10, line.name, anchor='end',
                      colour=COLOURS[i])
            right -= 7 * len(line.name) + 16
        for i, line in enumerate(panel.lines):
            self.draw_line(panel, line, top, COLOURS[i])

    def draw_line(self, panel, line, top, colour):
        places = [(self.place(x), top + panel.place(y))
                  for x, y in zip(line.xs, line.ys)]
        if line.is_dots:
            for x, y in places:
                self.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" '
                         f'class="dot" fill="{colour}"/>')
            return
        points = ' '.join(f'{x:.1f},{y:.1f}' for x, y in places)
        self.add(f'<polyline points="{points}" class="line" '
                 f'stroke="{colour}"/>')
        if line.fit:
            slope, offset = line.fit
            ends = ' '.join(
                f'{self.place(x):.1f},'
                f'{top + panel.place(offset + slope * x):.1f}'
                for x in (line.fit_from, line.xs[-1]))
            self.add(f'<polyline points="{ends}" class="fit" '
                     f'stroke="{colour}"/>')
