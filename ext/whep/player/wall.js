// The wall: any number of streams at once. Tiles out of sight have no session,
// small ones key frames only, and one that is chosen is large.

import { Feed } from './feed.js';
import { LipSync } from './lipsync.js';
import { StreamList } from './streamlist.js';
import { Token } from './token.js';
import { grid, MAX_TILES, Means, neighbour, plan } from './wallplan.js';
import { WallSession } from './wallsession.js';
import { WhepSession } from './whep.js';

const COUNT_MS = 2000;
const SYNC_MS = 1000;
// More than this at full rate are hardly worth it, on any machine.
const MAX_FULL = 16;
const GAP_PX = 8;

const byId = (id) => document.getElementById(id);
const token = new Token(window);
const asked = new URLSearchParams(location.search);
const chosen = (asked.get('streams') || '').split(',').filter(Boolean);
const means = new Means(Number(asked.get('full') || MAX_FULL));
const list = new StreamList();
const tiles = new Map(); // name → Tile, in the order of the page
let big = null;
let count = 1; // of columns

const pathOf = (name) => name.split('/').map(encodeURIComponent).join('/');

const endpoint = (name, frames) => {
  const query = token.search();
  return new URL(`whep/${pathOf(name)}${query}${query ? '&' : '?'}frames=${
    frames}`, document.baseURI).href;
};

const make = (name, className, ...children) => {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
};

class Tile {
  constructor(name) {
    this.name = name;
    this.video = make('video', '');
    this.video.muted = true;
    this.video.playsInline = true;
    this.label = make('span', 'rate');
    this.button = make('button', 'tile', this.video,
      make('span', 'title', make('span', 'name', name), this.label));
    this.button.tile = this;
    this.button.type = 'button';
    this.button.tabIndex = -1;
    this.button.onclick = () => enlarge(this === big ? null : this);
    this.item = make('li', '', this.button);
    this.lipSync = new LipSync(this.video);
    this.video.onvolumechange = () => this.lipSync.update();
    this.session = new WallSession((frames, onState) =>
      this.open(frames, onState), (rate, text) => this.say(rate, text));
    this.setBig(false);
  }

  open(frames, onState) {
    const stream = new MediaStream();
    this.video.srcObject = stream;
    const session = new WhepSession(endpoint(this.name, frames), (track) => {
      stream.addTrack(track);
      this.video.play().catch(() => {});
    }, onState, this.lipSync.isWanted, token.headers());
    this.lipSync.take(session);
    return session;
  }

  say(rate, text) {
    this.button.dataset.rate = rate;
    this.label.textContent = text;
  }

  update({ video, audio }) {
    this.isPlayable = Boolean(video && !video.unplayable);
    if (!this.isPlayable)
      this.say('', video ? 'This picture can’t be played' :
        audio ? 'Sound only' : '');
  }

  setBig(isBig) {
    this.item.classList.toggle('big', isBig);
    this.button.setAttribute('aria-pressed', isBig);
    this.video.muted = true;
  }
}

const setRates = () => {
  const all = [...tiles.values()];
  plan(all.map((tile) => ({ isBig: tile === big, width: tile.button.clientWidth,
    isVisible: tile.isVisible })), means.max).forEach((frames, at) =>
    all[at].session.want(document.hidden || !all[at].isPlayable ? '' : frames));
};

const observer = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries)
    target.tile.isVisible = isIntersecting;
  setRates();
});

const layOut = () => {
  const { style, parentElement: main, offsetTop } = byId('tiles');
  const found = grid(tiles.size - (big ? 1 : 0), main.clientWidth - 2 * GAP_PX,
    big ? 0 : innerHeight - offsetTop - GAP_PX, GAP_PX);
  count = found.count;
  style.setProperty('--columns', count);
  style.maxWidth = big ? '' : `${count * (found.px + GAP_PX) - GAP_PX}px`;
  setRates();
};

// The tabulator key leads to one tile, arrows to the others.
const lead = (tile) => {
  for (const other of tiles.values())
    other.button.tabIndex = other === tile ? 0 : -1;
};

const setSound = (isOn) => {
  if (big)
    big.video.muted = !isOn;
  byId('sound').textContent = isOn ? 'Sound off' : 'Sound on';
};

const enlarge = (tile) => {
  if (big)
    big.setBig(false);
  big = tile;
  for (const id of ['sound', 'open', 'all'])
    byId(id).hidden = !big;
  if (big) {
    big.setBig(true);
    byId('open').href = `watch/${pathOf(big.name)}`;
    lead(big);
  }
  setSound(false);
  layOut();
  if (big)
    big.item.scrollIntoView({ block: 'nearest' });
};

const remove = (tile) => {
  observer.unobserve(tile.button);
  tile.session.close();
  tile.item.remove();
  tiles.delete(tile.name);
  if (tile === big)
    enlarge(null);
};

// A <video> that is moved stops: tiles stay, and new ones get their place.
const render = () => {
  const found = list.find().filter(({ name }) =>
    chosen.length === 0 || chosen.includes(name));
  const shown = found.slice(0, MAX_TILES);
  const before = [...tiles.keys()].join('\n');
  const focused = document.activeElement.tile;
  const former = new Map(tiles);
  tiles.clear();
  for (const stream of shown) {
    const tile = former.get(stream.name) || new Tile(stream.name);
    tiles.set(stream.name, tile);
    tile.update(stream);
  }
  former.forEach((tile) => tiles.get(tile.name) || remove(tile));
  let next = byId('tiles').firstChild;
  for (const { item, button } of tiles.values())
    if (item === next) {
      next = next.nextSibling;
    } else {
      byId('tiles').insertBefore(item, next);
      observer.observe(button);
    }
  byId('count').textContent = tiles.size === 0 ? '' : `${tiles.size} live${
    found.length > shown.length ? ` of ${found.length}` : ''}`;
  byId('empty').hidden = tiles.size > 0;
  if ([...tiles.keys()].join('\n') === before) {
    setRates();
    return;
  }
  const [first] = tiles.values();
  if (first && ![...tiles.values()].some(({ button }) => button.tabIndex === 0))
    lead(first);
  if (first && focused && !tiles.has(focused.name))
    first.button.focus();
  layOut();
};

const showProblem = (text) => {
  byId('problem').textContent = text;
  byId('problem').hidden = !text;
};

const feed = new Feed({
  request: () => ({ url: `api/streams${token.search()}`,
    headers: token.headers() }),
  onEvent: (event) => {
    list.take(event);
    render();
  },
  onState: (isGood) => showProblem(isGood ? '' :
    'The server can’t be reached. Trying again…'),
});

const measure = async () => {
  const counts = (await Promise.all([...tiles.values()].map(({ session }) =>
    session.count().catch(() => null)))).filter(Boolean);
  const sum = (name) => counts.reduce((all, one) => all + one[name], 0);
  if (counts.length > 0) {
    means.report({ n: counts.length, received: sum('received'),
      dropped: sum('dropped'), ms: COUNT_MS,
      decodeS: sum('decodeS') / (navigator.hardwareConcurrency || 2) });
    setRates();
  }
  setTimeout(measure, COUNT_MS);
};

const onVisibility = () => {
  if (document.hidden)
    feed.close();
  else
    feed.open();
  setRates();
};

addEventListener('keydown', (event) => {
  const { tile } = document.activeElement;
  if (event.ctrlKey || event.altKey || event.metaKey)
    return;
  if (event.key === 'Escape' && big) {
    enlarge(null);
  } else if (event.key === 'm' && big) {
    setSound(big.video.muted);
  } else if (tile && event.key.startsWith('Arrow')) {
    const all = [...tiles.values()];
    const other = all[neighbour(all.indexOf(tile), all.length, count,
      event.key)];
    lead(other);
    other.button.focus();
    event.preventDefault();
  }
});
byId('all').onclick = () => enlarge(null);
byId('sound').onclick = () => setSound(big.video.muted);

if ('RTCPeerConnection' in window) {
  // Only the large one is heard.
  setInterval(() => big && big.lipSync.update(), SYNC_MS);
  addEventListener('resize', layOut);
  addEventListener('hashchange', () => token.take() && feed.reopen());
  addEventListener('online', () => document.hidden || feed.reopen());
  addEventListener('pagehide', () =>
    tiles.forEach(({ session }) => session.close()));
  addEventListener('pageshow', (event) => event.persisted && location.reload());
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  measure();
} else {
  showProblem('This browser has no WebRTC, or it is off.');
}
