// The list of streams: asks which are live and shows them, and how to go live.

import { accessText, factsText, serverUrl } from './words.js';

const POLL_MS = 2000;

const byId = (id) => document.getElementById(id);
let shown = '';

const element = (name, className, text) => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

const card = (stream) => {
  const since = new Date(stream.live_since);
  const link = element('a', 'card', '');
  link.href = 'watch/' +
    stream.name.split('/').map(encodeURIComponent).join('/');
  link.append(
    element('span', 'name', stream.name),
    element('span', 'facts', factsText(stream,
      since.toLocaleTimeString([], { timeStyle: 'short' }))));
  const item = document.createElement('li');
  item.append(link);
  return item;
};

// An unchanged list is not rebuilt, which keeps the reader's focus.
const show = (text) => {
  if (text === shown)
    return;
  const streams = JSON.parse(text);
  const focused = document.activeElement && document.activeElement.href;
  byId('streams').textContent = '';
  byId('streams').append(...streams.map(card));
  for (const link of document.querySelectorAll('.card'))
    if (link.href === focused)
      link.focus();
  byId('empty').hidden = streams.length > 0;
  byId('how').open = streams.length === 0;
  byId('count').textContent = streams.length ? `${streams.length} live` : '';
  shown = text;
};

// Where nobody can publish, how to do it is not shown.
const showIngest = async () => {
  const { servers, access } = await (await fetch('api/ingest')).json();
  byId('servers').append(...servers.map((server) =>
    element('code', 'server', serverUrl(server, location.hostname))));
  byId('key').textContent = access === 'keys' ? 'cam?token=SECRET' : 'cam';
  byId('access').textContent = accessText(access);
  byId('access').hidden = !accessText(access);
  byId('how').hidden = servers.length === 0;
};

const poll = async () => {
  try {
    const response = await fetch(`api/streams${location.search}`);
    if (!response.ok)
      throw new Error(response.statusText);
    show(await response.text());
    if (byId('servers').childElementCount === 0)
      await showIngest();
    byId('problem').hidden = true;
  } catch (error) {
    byId('problem').textContent =
      'The server can’t be reached. Trying again…';
    byId('problem').hidden = false;
  }
  setTimeout(poll, POLL_MS);
};

poll();
