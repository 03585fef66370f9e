// The list of streams: asks who is live and shows it, and says how to go live.

import { accessText, serverUrl } from './words.js';

const POLL_MS = 2000;

const byId = (id) => document.getElementById(id);
let shown = '';

const element = (name, className, text) => {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
};

const viewersText = (n) => n === 1 ? '1 viewer' : `${n} viewers`;

const tracksText = (stream) => [stream.video, stream.audio]
  .filter(Boolean).map((track) => track.codec).join(' + ');

const bFramesText = (stream) => ({
  transcode: 'transcoded: the publisher sends B-frames',
  drop: 'fewer frames: the publisher sends B-frames',
  pass: 'may stand still: the publisher sends B-frames',
})[stream.video && stream.video.b_frames];

const card = (stream) => {
  const since = new Date(stream.live_since);
  const link = element('a', 'card', '');
  link.href = 'watch/' +
    stream.name.split('/').map(encodeURIComponent).join('/');
  link.append(
    element('span', 'name', stream.name),
    element('span', 'facts', [
      tracksText(stream),
      viewersText(stream.viewers),
      `since ${since.toLocaleTimeString([], { timeStyle: 'short' })}`,
      bFramesText(stream),
      stream.video && stream.video.note,
    ].filter(Boolean).join(' · ')));
  const item = document.createElement('li');
  item.append(link);
  return item;
};

// A list that stays as it is keeps the reader's focus.
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

// Where nobody can publish, nothing is said of it.
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
    const response = await fetch('api/streams');
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
