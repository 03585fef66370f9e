// The viewer's token: it comes in the page's address and is kept for the tab.
// In `#token=…` no server, log or Referer ever sees it, and it does not stay in
// the address bar; in `?token=…`, for links that exist, it does. Requests have
// it in a header, never in their address.

const KEY = 'token';

// What a header may contain (RFC 6750 has less).
const PLAIN = /^[\x21-\x7e]+$/;

// A query without its token: '' or '?…'.
const withoutToken = (search) => {
  const rest = search.replace(/^\?/, '').split('&')
    .filter((part) => part && !/^token=/.test(part));
  return rest.length > 0 ? `?${rest.join('&')}` : '';
};

// As the server decodes it: a plus sign is one.
const tokenIn = (text) => {
  const part = text.slice(1).split('&').find((one) => /^token=/.test(one));
  if (!part)
    return '';
  const value = part.slice('token='.length);
  try {
    return decodeURIComponent(value);
  } catch (error) {
    return value;
  }
};

// What is left of a fragment: '' or '#…'.
const hashOf = (hash) =>
  withoutToken(hash.replace(/^#/, '?')).replace('?', '#');

export class Token {
  // @page: has location, history and sessionStorage, as a window does.
  constructor(page) {
    this.page = page;
    this.value = this.stored();
    this.take();
  }

  // In a frame of another site, the browser may refuse to store anything.
  stored() {
    try {
      return this.page.sessionStorage.getItem(KEY) || '';
    } catch (error) {
      return '';
    }
  }

  store() {
    try {
      this.page.sessionStorage.setItem(KEY, this.value);
    } catch (error) {
      // It is kept until the page ends.
    }
  }

  // Takes the token from the page's address, if there is one. Returns whether
  // it is another one than before.
  take() {
    const { location, history } = this.page;
    const found = tokenIn(location.hash) || tokenIn(location.search);
    const isOther = found !== '' && found !== this.value;
    if (tokenIn(location.hash))
      history.replaceState(history.state, '',
        location.pathname + location.search + hashOf(location.hash));
    if (isOther) {
      this.value = found;
      this.store();
    }
    return isOther;
  }

  // The headers that authorize a request.
  headers() {
    return PLAIN.test(this.value) ?
      { Authorization: `Bearer ${this.value}` } : {};
  }

  // The query of a request: that of the page, as it may be meant for the hook
  // that authorizes, without the token, unless no header can have that: '' or
  // '?…'.
  search() {
    const rest = withoutToken(this.page.location.search);
    if (!this.value || PLAIN.test(this.value))
      return rest;
    return `${rest || '?'}${rest ? '&' : ''}token=${
      encodeURIComponent(this.value)}`;
  }
}
