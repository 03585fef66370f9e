// The list of streams: tiles that the server's events keep up to date.

import { Feed } from './feed.js';
import { GoLivePanel } from './golivepanel.js';
import { Stills } from './stills.js';
import { SEARCH_FROM, StreamList } from './streamlist.js';
import { Tile } from './tile.js';
import { Token } from './token.js';

// Pictures are loaded before they scroll into view.
const MARGIN = '200px';

const byId = (id) => document.getElementById(id);
const token = new Token(window);
const list = new StreamList();
const tiles = new Map();
const panel = new GoLivePanel();

const stills = new Stills((name) => {
  const tile = tiles.get(name);
  const query = token.search();
  return tile.load(`snapshot/${tile.link.getAttribute('href')
    .replace('watch/', '')}.jpg${query}${query ? '&' : '?'}width=${
    tile.width}`, token.headers());
});

const watch = (tile) => {
  if (tile.isVisible && tile.mayHavePicture)
    stills.watch(tile.name);
  else
    stills.unwatch(tile.name);
};

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    const tile = tiles.get(target.dataset.name);
    if (!tile)
      continue;
    tile.isVisible = isIntersecting;
    watch(tile);
  }
}, { rootMargin: MARGIN });

const tileOf = (stream) => {
  let tile = tiles.get(stream.name);
  if (!tile) {
    tile = new Tile(stream.name);
    tile.item.dataset.name = stream.name;
    tiles.set(stream.name, tile);
    observer.observe(tile.item);
  }
  tile.update(stream);
  watch(tile);
  return tile;
};

const forget = (tile) => {
  stills.unwatch(tile.name);
  observer.unobserve(tile.item);
  tiles.delete(tile.name);
  tile.item.remove();
};

// Moves only what has to be moved, and keeps the focus.
const arrange = (items) => {
  const parent = byId('streams');
  const focused = document.activeElement;
  items.forEach((item, i) => {
    if (parent.children[i] !== item)
      parent.insertBefore(item, parent.children[i] || null);
  });
  while (parent.children.length > items.length)
    parent.lastChild.remove();
  if (document.activeElement !== focused && parent.contains(focused))
    focused.focus();
};

const render = () => {
  const query = byId('query').value;
  const found = list.find(query, byId('order').value);
  for (const tile of tiles.values())
    if (!list.streams.has(tile.name))
      forget(tile);
  list.streams.forEach(tileOf);
  arrange(found.map(({ name }) => tiles.get(name).item));
  const n = list.size;
  byId('tools').hidden = n < SEARCH_FROM && !query;
  byId('unmatched').hidden = n === 0 || found.length > 0;
  byId('empty').hidden = n > 0;
  byId('wall').hidden = n < 2;
  const count = n > 0 ? `${n} live` : '';
  if (byId('count').textContent !== count)
    byId('count').textContent = count;
};

let isKnown = false;

const showIngest = async () => {
  isKnown = true;
  try {
    panel.show(await (await fetch('api/ingest')).json());
    panel.open(list.size === 0 && !byId('toggle').hidden);
  } catch (error) {
    isKnown = false;
  }
};

const feed = new Feed({
  request: () => ({ url: `api/streams${token.search()}`,
    headers: token.headers() }),
  onEvent: (event) => {
    list.take(event);
    render();
    if (!isKnown)
      showIngest();
  },
  onState: (isGood) => {
    byId('problem').textContent = isGood ? '' :
      'The server can’t be reached. Trying again…';
    byId('problem').hidden = isGood;
  },
});

// A page that nobody sees costs the server nothing.
const onVisibility = () => {
  if (document.hidden) {
    feed.close();
    stills.pause();
  } else {
    feed.open();
    stills.resume();
  }
};

byId('query').addEventListener('input', render);
byId('order').addEventListener('change', render);
byId('tools').addEventListener('submit', (event) => event.preventDefault());
addEventListener('keydown', (event) => {
  const isTyping = /^(input|select|textarea)$/i
    .test(document.activeElement.tagName);
  if (event.key !== '/' || isTyping || byId('tools').hidden)
    return;
  event.preventDefault();
  byId('query').focus();
});
addEventListener('hashchange', () => token.take() && feed.reopen());
addEventListener('online', () => document.hidden || feed.reopen());
document.addEventListener('visibilitychange', onVisibility);
onVisibility();
