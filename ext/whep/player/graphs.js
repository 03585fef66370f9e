// Graphs of the last minute, as SVG, and the budget of the delay as a bar.

import { KEPT } from './samples.js';

const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 240;
const HEIGHT = 36;

// Each with one or two lines: [key of a sample, its name]; @least: what the
// scale reaches at least.
const GRAPHS = [
  { title: 'Frame rate', unit: 'fps', lines: [['fps', '']], least: 30 },
  { title: 'Bit rate', unit: 'Mbit/s', digits: 1, lines: [['mbit', '']],
    least: 1 },
  { title: 'Packets', unit: '%', digits: 1, least: 2,
    lines: [['loss', 'lost'], ['repaired', 'repaired']] },
  { title: 'Jitter buffer', unit: 'ms', least: 50,
    lines: [['buffer', 'picture'], ['sound', 'sound']] },
  { title: 'Round trip', unit: 'ms', least: 20, lines: [['rtt', '']] },
];

export const scaleOf = (values, least) =>
  1.1 * Math.max(least, ...values.filter((value) => value !== null));

// The newest of @values is at the right; null leaves a gap.
export const pathOf = (values, scale) => {
  const step = WIDTH / (KEPT - 1);
  const start = KEPT - values.length;
  let isGap = true;
  return values.map((value, i) => {
    if (value === null) {
      isGap = true;
      return '';
    }
    const command = isGap ? 'M' : 'L';
    isGap = false;
    return `${command}${((start + i) * step).toFixed(1)} ${
      (HEIGHT - 1 - value / scale * (HEIGHT - 2)).toFixed(1)}`;
  }).join('');
};

export const figure = (value, { unit, digits = 0 }) =>
  value === null || value === undefined ? 'unknown' :
    `${value.toFixed(digits)} ${unit}`;

// What a screen reader says of a line.
export const spoken = (title, name, values, graph) => {
  const known = values.filter((value) => value !== null);
  return `${title}${name ? `, ${name}` : ''}: ${known.length === 0 ?
    'unknown' : `now ${figure(values[values.length - 1], graph)}, lowest ${
      figure(Math.min(...known), graph)}, highest ${
      figure(Math.max(...known), graph)}`}`;
};

const element = (name, className, text = '') => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

const draw = (name, attributes) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    made.setAttribute(key, value);
  return made;
};

const MS = { unit: 'ms' };

export class Graphs {
  // Fills @box.
  constructor(box) {
    this.reason = element('p', 'reason');
    this.rows = GRAPHS.map((graph) => this.row(graph));
    this.bar = element('div', 'budget');
    this.parts = element('dl', 'parts');
    box.append(this.reason, ...this.rows.map(({ row }) => row),
      element('h2', '', 'Delay, where it arises'), this.bar, this.parts);
    this.bar.setAttribute('aria-hidden', 'true');
  }

  row(graph) {
    const row = element('div', 'graph');
    const value = element('span', 'value');
    const head = element('p', '');
    const svg = draw('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img',
      preserveAspectRatio: 'none' });
    const lines = graph.lines.map((line, i) => {
      const path = draw('path', { 'class': `line${i}` });
      svg.append(path);
      return path;
    });
    head.append(element('span', 'title', graph.title), value);
    row.append(head, svg);
    return { graph, row, value, svg, lines };
  }

  show(samples) {
    this.reason.textContent = samples.health()[1];
    for (const { graph, value, svg, lines } of this.rows) {
      const all = graph.lines.map(([key]) => samples.values(key));
      const scale = scaleOf([].concat(...all), graph.least);
      lines.forEach((line, i) =>
        line.setAttribute('d', pathOf(all[i], scale)));
      value.textContent = '';
      graph.lines.forEach(([key, name], i) => value.append(element('span',
        name ? `line${i}` : '',
        `${name} ${figure(samples.recent(key), graph)}`)));
      svg.setAttribute('aria-label', graph.lines.map(([, name], i) =>
        spoken(graph.title, name, all[i], graph)).join('; '));
    }
    this.showBudget(samples.budget());
  }

  showBudget(budget) {
    this.bar.textContent = '';
    this.parts.textContent = '';
    budget.forEach(([what, ms], i) => {
      const part = element('span', `part${i}`);
      part.style.flexGrow = ms || 0;
      this.bar.append(part);
      const item = element('div', ms === null ? 'unknown' : '');
      item.append(element('dt', `part${i}`, what),
        element('dd', '', figure(ms, MS)));
      this.parts.append(item);
    });
  }
}
