// The panel that says how to publish.

import { copyButton } from './copy.js';
import { accessText, nameOf, serverUrl, settingsOf } from './golive.js';
import { qrCode, qrPath } from './qrcode.js';
import { pathOf } from './tiletext.js';

const SVG = 'http://www.w3.org/2000/svg';
// The light margin that readers need, in modules.
const QUIET = 4;

const byId = (id) => document.getElementById(id);

// What is too long for a code has none.
const drawCode = (svg, text) => {
  const rows = qrCode(text);
  svg.parentNode.hidden = rows === null;
  if (rows === null)
    return;
  const path = document.createElementNS(SVG, 'path');
  const size = rows.length + 2 * QUIET;
  svg.setAttribute('viewBox', `${-QUIET} ${-QUIET} ${size} ${size}`);
  path.setAttribute('d', qrPath(rows));
  svg.textContent = '';
  svg.append(path);
};

// Each word in one piece: browsers break lines after hyphens, too.
const showCommand = (code, text) => {
  code.textContent = '';
  text.split(' ').forEach((word, i) => {
    const span = document.createElement('span');
    span.textContent = word;
    code.append(i > 0 ? ' ' : '', span);
  });
};

// As of WAI-ARIA's pattern: arrows move between the tabs.
const makeTabs = (list) => {
  const tabs = [...list.children];
  const choose = (chosen) => tabs.forEach((tab) => {
    tab.setAttribute('aria-selected', tab === chosen);
    tab.tabIndex = tab === chosen ? 0 : -1;
    byId(tab.getAttribute('aria-controls')).hidden = tab !== chosen;
  });
  tabs.forEach((tab) => tab.addEventListener('click', () => choose(tab)));
  list.addEventListener('keydown', (event) => {
    const at = tabs.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 };
    if (at < 0 || !(event.key in next))
      return;
    const tab = tabs[(next[event.key] + tabs.length) % tabs.length];
    event.preventDefault();
    choose(tab);
    tab.focus();
  });
  choose(tabs[0]);
};

export class GoLivePanel {
  constructor() {
    this.panel = byId('golive');
    this.toggle = byId('toggle');
    this.toggle.addEventListener('click', () => {
      this.open(this.panel.hidden);
      if (!this.panel.hidden)
        byId('name').focus();
    });
    byId('name').addEventListener('input', () => this.update());
    makeTabs(byId('tabs'));
    for (const [id, what] of [['key', 'the stream key'],
      ['watch', 'the address to watch'], ['ffmpeg-text', 'the command'],
      ['larix-url', 'the URL'], ['gstreamer-text', 'the pipeline']])
      byId(id).after(copyButton(byId(id), what));
  }

  open(isOpen) {
    this.panel.hidden = !isOpen;
    this.toggle.setAttribute('aria-expanded', isOpen);
  }

  // @ingest: what api/ingest says. Where nobody can publish, how to do it is
  // not shown.
  show({ servers, access }) {
    if (servers.length === 0)
      return;
    Object.assign(this, { server: servers[0], access });
    byId('servers').append(...servers.map((server) => {
      const row = document.createElement('div');
      row.className = 'row';
      const code = document.createElement('code');
      code.textContent = serverUrl(server, location.hostname);
      row.append(code, copyButton(code, 'the server'));
      return row;
    }));
    byId('access').textContent = accessText(access);
    byId('access').hidden = !accessText(access);
    this.toggle.hidden = false;
    this.update();
  }

  update() {
    const key = byId('name').value.trim() || 'cam';
    const settings = settingsOf(this.server, key, this.access,
      location.hostname);
    const address = new URL(pathOf(nameOf(this.server, key)),
      document.baseURI).href;
    byId('key').textContent = settings.key;
    byId('watch').textContent = address;
    showCommand(byId('ffmpeg-text'), settings.ffmpeg);
    showCommand(byId('gstreamer-text'), settings.gstreamer);
    byId('larix-url').textContent = settings.larixUrl;
    byId('larix-link').href = settings.larix;
    drawCode(byId('watch-qr'), address);
    drawCode(byId('larix-qr'), settings.larix);
  }
}
