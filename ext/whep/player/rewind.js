// How far behind live the page plays: buttons, each of which makes the page
// join anew, and what the server says about it.

const STEP_S = 10;

// 'Playback-Delay: 9.5;max=30': seconds behind live, and the most that the
// server keeps; null: it keeps nothing.
export const delayOf = (header) => {
  const match = /^(\d+(?:\.\d+)?);\s*max=(\d+)$/.exec(header || '');
  return match && { delayS: Number(match[1]), maxS: Number(match[2]) };
};

export class Rewind {
  // @search: the page's query, which may have delay= already.
  constructor(search) {
    const delay = new URLSearchParams(search).get('delay');
    this.wantedS = Math.max(0, Math.round(Number(delay))) || 0;
    this.delay = null; // as the server said last
  }

  // Where to post the next offer to: @href with the delay.
  endpoint(href) {
    const url = new URL(href);
    // The rest of the query stays as it was written: it may be a token.
    const words = url.search.slice(1).split('&').filter((word) =>
      word !== '' && !/^delay(=|$)/.test(word));
    if (this.wantedS > 0)
      words.push(`delay=${this.wantedS}`);
    url.search = words.join('&');
    return url.href;
  }

  take(header) {
    this.delay = delayOf(header);
  }

  get delayS() {
    return this.delay ? this.delay.delayS : 0;
  }

  get canGoBack() {
    return this.delay !== null && this.delayS + 1 <= this.delay.maxS;
  }

  get canGoLive() {
    return this.delay !== null && this.wantedS > 0;
  }

  goBack() {
    this.wantedS = Math.min(Math.round(this.delayS) + STEP_S, this.delay.maxS);
  }

  goLive() {
    this.wantedS = 0;
  }

  // While the stream is younger than the delay, there is nothing to see: the
  // words for that, or ''. @openMs: since the server accepted the offer.
  waitText(openMs) {
    return openMs < 1000 * this.delayS ? `The picture is ${
      Math.round(this.delayS)} seconds behind live, and starts by itself.` : '';
  }

  // Of the badge that says "Live" otherwise.
  text() {
    return this.delayS > 0 ? `−${Math.round(this.delayS)} s` : 'Live';
  }
}
