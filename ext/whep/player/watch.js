// The page of one stream: its controls and texts around a Player.

import { copyText } from './copy.js';
import { Graphs } from './graphs.js';
import { commandOf } from './keys.js';
import { addressesOf, Player } from './player.js';
import { Preferences } from './preferences.js';
import { Samples } from './samples.js';
import { Token } from './token.js';
import { HEALTH } from './words.js';

// Over the picture, the controls disappear after this long without input.
const IDLE_MS = 3000;
// Long enough to be read.
const TOAST_MS = 3000;
// A track that has not begun by then is shown all the same, with its words.
const SWITCH_MS = 8000;
const VOLUME_STEP = 5;
// Too low for bars beside the picture: a phone on its side, or 400 % zoom.
const LOW = matchMedia('(max-height: 430px)');

const byId = (id) => document.getElementById(id);
const { body } = document;
const watchPath = new URL('watch/', document.baseURI).pathname;
const token = new Token(window);
const preferences = new Preferences(window);
const samples = new Samples();
const graphs = new Graphs(byId('rows'));
let path = location.pathname.slice(watchPath.length);
let player = null;
let upcoming = null; // the Player of another track, until it shows something
let shownTracks = '';
let idleTimer = 0;
let toastTimer = 0;
let switchTimer = 0;

const toast = (text) => {
  clearTimeout(toastTimer);
  byId('toast').textContent = text;
  toastTimer = setTimeout(() => {
    byId('toast').textContent = '';
  }, TOAST_MS);
};

const label = (id, text) => {
  byId(id).querySelector('span').textContent = text;
};

/* What the player says. */

// The style sheet depends on the state.
const showState = () => {
  const { state, message, action } = player;
  body.dataset.state = state;
  if (byId('message').textContent !== message)
    byId('message').textContent = message;
  byId('action').hidden = !action;
  byId('action').textContent = action ? action.label : '';
  byId('action').onclick = action ? action.run : null;
  label('pause', state === 'paused' ? 'Play' : 'Pause');
  stir();
};

const showDelay = () => {
  const { rewind } = player;
  byId('back').hidden = !rewind.canGoBack;
  byId('catchup').hidden = !rewind.canGoLive;
  byId('live').textContent = rewind.text();
};

const showGraphs = () => byId('graphs').hidden || graphs.show(samples);

const showFigures = () => {
  samples.add(performance.now(), player.statistics.report,
    player.motion.frame);
  const [grade, why] = samples.health();
  byId('health').dataset.grade = grade;
  byId('health').textContent = HEALTH[grade];
  byId('health').title = `${why} (i)`;
  byId('stats').textContent = player.statistics.text();
  byId('way').textContent = player.wayText;
  byId('note').textContent = player.note || player.wayNote;
  showGraphs();
};

const showVolume = () => {
  const { muted, volume } = player.video;
  const isOff = muted || volume === 0;
  body.classList.toggle('muted', isOff);
  label('sound', isOff ? 'Sound on' : 'Sound off');
  byId('volume').value = isOff ? 0 : Math.round(100 * volume);
};

// An unchanged menu keeps the focus.
const showTracks = () => {
  const { name, tracks } = player;
  const text = JSON.stringify([name, tracks]);
  const items = byId('tracks').querySelector('.items');
  if (text === shownTracks)
    return;
  shownTracks = text;
  byId('tracks').hidden = tracks.length === 0;
  items.textContent = '';
  for (const track of tracks) {
    const button = document.createElement('button');
    button.textContent = track.label;
    button.type = 'button';
    button.setAttribute('aria-pressed', String(track.name === name));
    button.onclick = () => switchTo(track.name);
    items.append(button);
  }
};

/* Players: one, and while a track is chosen, a second one. */

const makePlayer = (video, streamPath) => {
  const made = new Player(video, {
    name: decodeURIComponent(streamPath),
    ...addressesOf(document.baseURI, streamPath),
    token,
    search: location.search,
  });
  const whileShown = (type, run) => made.addEventListener(type, () =>
    made === player && run());
  whileShown('state', showState);
  whileShown('delay', showDelay);
  whileShown('tick', showFigures);
  whileShown('list', showTracks);
  whileShown('session', () => samples.begin());
  video.addEventListener('volumechange', () => made === player && showVolume());
  return made;
};

const show = (shown, streamPath) => {
  player = shown;
  path = streamPath;
  byId('name').textContent = player.name;
  byId('name').title = player.name;
  document.title = player.name;
  player.video.setAttribute('aria-label', `Picture of ${player.name}`);
  samples.begin();
  showState();
  showDelay();
  showVolume();
  showTracks();
};

const take = (next, streamPath) => {
  const last = player;
  clearTimeout(switchTimer);
  upcoming = null;
  const { muted, volume } = last.video;
  last.end();
  next.video.muted = muted;
  next.video.volume = volume;
  last.video.remove();
  history.replaceState(history.state, '',
    `${watchPath}${streamPath}${location.search}`);
  show(next, streamPath);
};

// The picture of the one lies over the other's until that has begun.
const switchTo = (name) => {
  const streamPath = name.split('/').map(encodeURIComponent).join('/');
  closeMenus();
  if (upcoming) {
    upcoming.end();
    upcoming.video.remove();
    upcoming = null;
  }
  if (name === player.name)
    return;
  const video = player.video.cloneNode(false);
  video.muted = true;
  player.video.before(video);
  const next = makePlayer(video, streamPath);
  const onState = () => upcoming === next &&
    !['connecting', 'waiting'].includes(next.state) && take(next, streamPath);
  upcoming = next;
  next.addEventListener('state', onState);
  clearTimeout(switchTimer);
  switchTimer = setTimeout(() => upcoming === next && take(next, streamPath),
    SWITCH_MS);
  next.begin();
};

/* Commands: of buttons and keys. */

const fullElement = () =>
  document.fullscreenElement || document.webkitFullscreenElement;

const setVolume = (percent) => {
  const volume = Math.max(0, Math.min(100, percent)) / 100;
  const { video } = player;
  video.volume = volume;
  video.muted = volume === 0;
  preferences.set('volume', volume);
  player.play();
};

const nudgeVolume = (step) => {
  setVolume((player.video.muted ? 0 : 100 * player.video.volume) + step);
  toast(`Volume ${Math.round(100 * player.video.volume)} %`);
};

const turnSound = () => {
  const { video } = player;
  const wasOff = video.muted || video.volume === 0;
  if (wasOff && video.volume === 0)
    video.volume = 1;
  video.muted = !wasOff;
  player.play();
};

// Of what is shown, exactly.
const saveSnapshot = () => {
  const { video, name } = player;
  const canvas = document.createElement('canvas');
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  if (canvas.width === 0) {
    toast('There is no picture yet');
    return;
  }
  canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => {
    const link = document.createElement('a');
    const time = new Date().toISOString().slice(0, 19).replace(/:/g, '-');
    link.href = URL.createObjectURL(blob);
    link.download = `${name.replace(/[^\w.-]+/g, '-').slice(0, 80)}-${
      time}.jpg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), TOAST_MS);
    toast('Snapshot saved');
  }, 'image/jpeg', 0.92);
};

const canPictureInPicture = Boolean(document.pictureInPictureEnabled);

const turnPictureInPicture = async () => {
  try {
    if (document.pictureInPictureElement)
      await document.exitPictureInPicture();
    else if (canPictureInPicture)
      await player.video.requestPictureInPicture();
  } catch (error) {
    toast('Your browser doesn’t allow that now');
  }
};

// The whole page, so that its controls stay within reach.
const turnFull = () => {
  if (fullElement())
    (document.exitFullscreen || document.webkitExitFullscreen).call(document);
  else if (body.requestFullscreen)
    body.requestFullscreen();
  else if (body.webkitRequestFullscreen) // Safari before 16.4
    body.webkitRequestFullscreen();
  else if (player.video.webkitEnterFullscreen) // iPhone
    player.video.webkitEnterFullscreen();
};

const turnTheatre = () => {
  const isOn = body.classList.toggle('theatre');
  byId('theatre').setAttribute('aria-pressed', String(isOn));
  arrange();
};

const turnGraphs = () => {
  const box = byId('graphs');
  box.hidden = !box.hidden;
  byId('health').setAttribute('aria-expanded', String(!box.hidden));
  showGraphs();
};

const openShare = () => {
  const page = new URL(`watch/${path}`, document.baseURI).href;
  const embed = new URL(`embed/${path}`, document.baseURI).href;
  byId('link').value = page;
  byId('snippet').value = `<iframe src="${embed}" width="640" height="360" ` +
    'allow="autoplay; fullscreen; picture-in-picture"></iframe>';
  byId('tokenless').hidden = !token.value;
  byId('share').showModal();
};

const copyDiagnostics = async () => {
  toast(await copyText(await player.describe()) ? 'Copied' :
    'Your browser doesn’t let the page copy');
};

const commands = {
  pause: () => (['paused', 'blocked'].includes(player.state) ?
    player.action.run() : player.pause()),
  sound: turnSound,
  louder: () => nudgeVolume(VOLUME_STEP),
  quieter: () => nudgeVolume(-VOLUME_STEP),
  back: () => player.rewind.canGoBack && player.goBack(),
  live: () => player.rewind.canGoLive && player.goLive(),
  full: turnFull,
  theatre: turnTheatre,
  picture: turnPictureInPicture,
  snapshot: saveSnapshot,
  graphs: turnGraphs,
  help: () => byId('help').showModal(),
};

/* Input. */

const menus = [...document.querySelectorAll('.menu')];

const closeMenus = (except = null) => menus.forEach((menu) => {
  if (menu !== except && menu.open) {
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus)
      menu.querySelector('summary').focus();
  }
});

// Any input shows the controls for a while.
const stir = () => {
  clearTimeout(idleTimer);
  delete body.dataset.idle;
  if (body.classList.contains('over') &&
      ['playing', 'still', 'sound'].includes(body.dataset.state))
    idleTimer = setTimeout(() => {
      if (!menus.some(({ open }) => open))
        body.dataset.idle = '';
    }, IDLE_MS);
};

// In full screen, in theatre mode and on a low screen, the bars lie over the
// picture.
const arrange = () => {
  const isFull = Boolean(fullElement());
  body.classList.toggle('over', isFull || LOW.matches ||
    body.classList.contains('theatre'));
  label('full', isFull ? 'Leave full screen' : 'Full screen');
  stir();
};

const onKey = (event) => {
  const command = preferences.get('shortcuts', true) && commandOf(event);
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
    if (menus.some(({ open }) => open))
      closeMenus();
    else if (!byId('graphs').hidden)
      turnGraphs();
    else if (body.classList.contains('theatre'))
      turnTheatre();
  } else if (command && !document.querySelector('dialog[open]')) {
    event.preventDefault();
    commands[command]();
  }
};

const onTap = (event) => {
  if (event.target === player.video && body.classList.contains('muted'))
    turnSound();
};

const BUTTONS = { sound: 'sound', back: 'back', catchup: 'live', full: 'full',
  pause: 'pause', picture: 'picture', theatre: 'theatre', snapshot: 'snapshot',
  health: 'graphs', helping: 'help' };
for (const [id, command] of Object.entries(BUTTONS))
  byId(id).onclick = () => {
    closeMenus();
    commands[command]();
  };
byId('sharing').onclick = () => {
  closeMenus();
  openShare();
};
byId('copy').onclick = () => {
  closeMenus();
  copyDiagnostics();
};
byId('volume').oninput = () => setVolume(Number(byId('volume').value));
byId('shortcuts').onchange = () =>
  preferences.set('shortcuts', byId('shortcuts').checked);
for (const button of document.querySelectorAll('[data-copies]')) {
  const words = button.textContent;
  button.onclick = async () => {
    const { value } = byId(button.dataset.copies);
    button.textContent = await copyText(value, button.parentElement) ?
      'Copied' : 'Can’t copy';
    setTimeout(() => {
      button.textContent = words;
    }, TOAST_MS);
  };
}
for (const menu of menus)
  menu.ontoggle = () => {
    stir();
    if (menu.open) {
      closeMenus(menu);
      player.askList();
    }
  };
byId('stage').addEventListener('click', onTap);
byId('stage').addEventListener('dblclick', (event) =>
  event.target === player.video && turnFull());
for (const type of ['fullscreenchange', 'webkitfullscreenchange'])
  document.addEventListener(type, arrange);
for (const type of ['pointermove', 'pointerdown', 'keydown', 'focusin'])
  addEventListener(type, stir);
// What has the focus stays visible, but not after a click.
addEventListener('keydown', () => body.classList.add('keys'));
addEventListener('pointerdown', () => body.classList.remove('keys'));
addEventListener('keydown', onKey);
addEventListener('pointerdown', ({ target }) =>
  target.closest && target.closest('.menu') || closeMenus());
LOW.addEventListener('change', arrange);
// Another token is another attempt.
addEventListener('hashchange', () => token.take() && player.start());

byId('picture').hidden = !canPictureInPicture;
byId('shortcuts').checked = preferences.get('shortcuts', true);
byId('video').muted = true;
byId('video').volume = Math.max(0, Math.min(1,
  preferences.get('volume', 1)));
show(makePlayer(byId('video'), path), path);
arrange();
player.begin();
