// <whep-player>: a player as an element of any page. Its attributes, events and
// methods are in docs/embedding.md.

import { addressesOf, Player } from './player.js';
import { credentialsOf, sourceOf } from './source.js';
import { StandardSession } from './standardsession.js';

// The states in which a picture that has been shown is not live.
const STALLED = ['still', 'waiting', 'lost', 'connecting'];

// By the state before and after: the event, or ''. @isOver: the session has
// ended because the publisher has left.
export const eventOf = (before, after, { hasPlayed, isOver }) => {
  if (after === before)
    return '';
  if (after === 'playing' || after === 'sound')
    return 'playing';
  if (after === 'refused')
    return 'error';
  if (after === 'waiting' && hasPlayed && isOver)
    return 'ended';
  return ['playing', 'sound'].includes(before) && STALLED.includes(after) ?
    'stalled' : '';
};

// A Player's query. @sync: the attribute, or null.
export const searchOf = (search, sync) => sync === null ? search :
  `${search || '?'}&${sync === 'off' ? 'fast' : 'sync'}`;

// Of any WHEP server: there is no other way to play, and no list.
class StandardPlayer extends Player {
  webRtc(onTrack, onState) {
    return new StandardSession(this.addressOf(this.whep), onTrack, onState,
      false, this.token.headers());
  }
}

// By the CSSOM: a page's policy may forbid styles in text.
const make = (name, part, style) => {
  const made = document.createElement(name);
  made.setAttribute('part', part);
  Object.assign(made.style, style);
  return made;
};

const PANEL = { alignItems: 'center', background: 'rgba(0, 0, 0, .6)',
  boxSizing: 'border-box', color: '#f1eeec', display: 'none',
  flexDirection: 'column', font: '16px/1.5 system-ui, sans-serif', gap: '16px',
  inset: '0', justifyContent: 'center', padding: '16px', pointerEvents: 'none',
  position: 'absolute', textAlign: 'center' };
const BUTTON = { background: '#f06595', border: '0', borderRadius: '8px',
  color: '#1f0a12', cursor: 'pointer', font: 'inherit', fontWeight: '600',
  minHeight: '40px', padding: '0 16px', pointerEvents: 'auto' };

export class WhepPlayer extends HTMLElement {
  static get observedAttributes() {
    return ['src', 'token', 'plain', 'sync', 'muted', 'controls', 'fit'];
  }

  constructor() {
    super();
    /** What plays, or null. */
    this.player = null;
    /** An object with headers() and search(), in place of the token. */
    this.credentials = null;
    /** The <video>. */
    this.video = make('video', 'video', { background: '#000',
      display: 'block', height: '100%', width: '100%' });
    this.video.playsInline = true;
    this.panel = make('div', 'panel', PANEL);
    this.text = make('p', 'message', { margin: '0', maxWidth: '32em' });
    this.text.setAttribute('role', 'status');
    this.button = make('button', 'action', BUTTON);
    this.panel.append(this.text, this.button);
    this.attachShadow({ mode: 'open' }).append(this.video, this.panel);
  }

  connectedCallback() {
    if (getComputedStyle(this).display === 'inline')
      this.style.display = 'block';
    if (getComputedStyle(this).position === 'static')
      this.style.position = 'relative';
    this.video.muted = this.hasAttribute('muted');
    this.showLook();
    if (this.hasAttribute('autoplay'))
      this.begin();
  }

  disconnectedCallback() {
    this.end();
  }

  attributeChangedCallback(name) {
    if (name === 'muted')
      this.video.muted = this.hasAttribute('muted');
    this.showLook();
    if (['src', 'token', 'plain', 'sync'].includes(name) &&
        (this.player || this.isConnected && this.hasAttribute('autoplay')))
      this.begin();
  }

  showLook() {
    this.video.controls = this.hasAttribute('controls');
    this.video.style.objectFit = this.getAttribute('fit') || 'contain';
  }

  /** Of the player; 'idle' without one. */
  get state() {
    return this.player ? this.player.state : 'idle';
  }

  /** The words for a viewer. */
  get message() {
    return this.player ? this.player.message : '';
  }

  get src() {
    return this.getAttribute('src') || '';
  }

  set src(value) {
    this.setAttribute('src', value);
  }

  get muted() {
    return this.video.muted;
  }

  set muted(value) {
    this.video.muted = value;
  }

  makePlayer() {
    const source = sourceOf(this.src, document.baseURI,
      this.hasAttribute('plain'));
    const { base, path, name, url } = source;
    const options = {
      name,
      token: this.credentials ||
        credentialsOf(source, this.getAttribute('token')),
      search: searchOf(base ? url.search : '', this.getAttribute('sync')),
    };
    return base ?
      new Player(this.video, { ...options, ...addressesOf(base, path) }) :
      new StandardPlayer(this.video, { ...options,
        whep: url.href.replace(/#.*/, '') });
  }

  begin() {
    this.end();
    if (!this.src || !this.isConnected)
      return;
    const player = this.makePlayer();
    this.player = player;
    this.hasPlayed = false;
    this.shown = 'idle';
    player.addEventListener('state', () => this.player === player &&
      this.showState());
    player.begin();
    this.showState();
  }

  end() {
    const { player } = this;
    this.player = null;
    if (!player)
      return;
    player.end();
    this.video.srcObject = null;
    this.showPanel('', null);
  }

  showPanel(message, action) {
    this.panel.style.display = message ? 'flex' : 'none';
    if (this.text.textContent !== message)
      this.text.textContent = message;
    this.button.hidden = !action;
    this.button.textContent = action ? action.label : '';
    this.button.onclick = action ? action.run : null;
  }

  showState() {
    const { state, message, action, session } = this.player;
    const isSame = state === this.shown;
    const type = eventOf(this.shown, state, { hasPlayed: this.hasPlayed,
      isOver: Boolean(session && !session.location) });
    this.shown = state;
    this.hasPlayed = this.hasPlayed || type === 'playing';
    this.showPanel(message, action);
    if (type)
      this.dispatchEvent(new CustomEvent(type, { detail: { message } }));
    if (!isSame)
      this.dispatchEvent(new CustomEvent('statechange',
        { detail: { state, message } }));
  }

  /** Starts, or continues at live after pause(). */
  async play() {
    if (!this.player)
      this.begin();
    else if (!this.player.session)
      this.player.start();
    if (this.video.srcObject)
      await this.player.play();
  }

  /** Ends the session; the last picture stays. */
  pause() {
    if (this.player)
      this.player.pause();
  }

  /** iPhones have it for a <video> only. */
  requestFullscreen(options) {
    if (super.requestFullscreen)
      return super.requestFullscreen(options);
    this.video.webkitEnterFullscreen();
    return Promise.resolve();
  }
}

if (!customElements.get('whep-player'))
  customElements.define('whep-player', WhepPlayer);
