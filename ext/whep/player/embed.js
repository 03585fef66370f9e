// The page for a frame of another site. Its query says how it looks:
// docs/embedding.md.

import { Token } from './token.js';
import './whepplayer.js';

const embedPath = new URL('embed/', document.baseURI).pathname;
const path = location.pathname.slice(embedPath.length);
const query = new URLSearchParams(location.search);
const token = new Token(window);
const element = document.createElement('whep-player');

// Whether the parameter is on: ?name, ?name=1; or off: ?name=0, ?name=false.
const isOn = (name, otherwise) => query.has(name) ?
  !['0', 'false'].includes(query.get(name)) : otherwise;

element.credentials = token;
element.toggleAttribute('muted', isOn('muted', true));
element.toggleAttribute('controls', isOn('controls', true));
if (query.has('sync'))
  element.setAttribute('sync', isOn('sync', true) ? 'on' : 'off');
element.toggleAttribute('autoplay', true);
if (['contain', 'cover', 'fill'].includes(query.get('fit')))
  element.setAttribute('fit', query.get('fit'));
element.src = new URL(`whep/${path}${token.search()}`, document.baseURI).href;

document.title = decodeURIComponent(path);
document.getElementById('name').textContent = document.title;
document.querySelector('main').append(element);

// Another token is another attempt.
addEventListener('hashchange', () => token.take() && element.begin());
