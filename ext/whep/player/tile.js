// A stream's tile: a live still, a link that fills the tile, and facts.

import { bitRateText, codecsText, frameRateText, gradeOf, noteText, pathOf,
  placeholderText, sinceText, sizeText, splitName, viewersText }
  from './tiletext.js';

const MAX_PIXEL_RATIO = 2;

const element = (name, className, ...content) => {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
};

export class Tile {
  constructor(name) {
    const [app, key] = splitName(name);
    this.name = name;
    this.etag = '';
    this.canvas = element('canvas', 'picture');
    this.placeholder = element('span', 'placeholder');
    this.format = element('span', 'format');
    this.grade = element('span', 'grade');
    this.facts = element('p', '');
    this.more = element('p', '');
    this.note = element('p', 'note');
    this.still = element('div', 'still', this.canvas, this.placeholder,
      this.format, this.grade);
    this.link = element('a', 'name', element('bdi', 'app', app),
      element('bdi', '', key));
    this.link.href = pathOf(name);
    this.link.title = name;
    this.item = element('li', 'tile', this.still, this.link, this.facts,
      this.more, this.note);
  }

  update(stream) {
    // Another publisher's picture is another one.
    if (this.stream && this.stream.live_since !== stream.live_since)
      this.show(null);
    this.stream = stream;
    const grade = gradeOf(stream);
    const put = (target, ...texts) => {
      const text = texts.filter(Boolean).join(' · ');
      if (target.textContent !== text)
        target.textContent = text;
      target.hidden = text === '';
    };
    put(this.format, sizeText(stream), frameRateText(stream));
    put(this.facts, viewersText(stream), bitRateText(stream));
    put(this.more, codecsText(stream), sinceText(stream));
    put(this.note, noteText(stream));
    put(this.grade, grade);
    this.grade.dataset.grade = grade;
    this.grade.title = `Grade of the encoder’s settings: ${grade}`;
    if (!this.mayHavePicture)
      this.show(null);
    this.explain();
  }

  // Says why there is no picture.
  explain() {
    this.placeholder.textContent = placeholderText(this.stream) ||
      (this.isMissing ? 'No picture' : '');
  }

  get mayHavePicture() {
    return placeholderText(this.stream) === '';
  }

  // In pixels of the screen.
  get width() {
    return Math.ceil(this.still.clientWidth *
      Math.min(devicePixelRatio || 1, MAX_PIXEL_RATIO)) || 320;
  }

  // @bitmap replaces the picture in one step, without a gap; null: none.
  show(bitmap) {
    this.still.classList.toggle('shown', bitmap !== null);
    if (bitmap === null) {
      this.etag = '';
      return;
    }
    const { width, height } = bitmap;
    if (this.canvas.width !== width || this.canvas.height !== height)
      Object.assign(this.canvas, { width, height });
    this.canvas.getContext('bitmaprenderer').transferFromImageBitmap(bitmap);
  }

  // Returns whether there is a picture; null if there never will be.
  async load(url, headers) {
    const response = await fetch(url, { cache: 'no-store',
      headers: this.etag ? { ...headers, 'If-None-Match': this.etag } :
        headers });
    if (response.status === 304)
      return true;
    if (!response.ok) {
      this.isMissing = true;
      this.explain();
      return response.status === 501 ? null : false;
    }
    const bitmap = await createImageBitmap(await response.blob());
    if (this.mayHavePicture) {
      this.etag = response.headers.get('ETag') || '';
      this.isMissing = false;
      this.show(bitmap);
    }
    return true;
  }
}
