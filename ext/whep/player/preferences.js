// What the browser remembers of a viewer's choices.

const KEY = 'player';

export class Preferences {
  // @page: has localStorage, as a window does.
  constructor(page) {
    this.page = page;
    this.values = {};
    try {
      this.values = JSON.parse(page.localStorage.getItem(KEY)) || {};
    } catch (error) {
      // Nothing that is of use, or, in a frame, the browser may refuse.
    }
  }

  get(name, otherwise) {
    const value = this.values[name];
    return typeof value === typeof otherwise ? value : otherwise;
  }

  set(name, value) {
    this.values[name] = value;
    try {
      this.page.localStorage.setItem(KEY, JSON.stringify(this.values));
    } catch (error) {
      // It is kept until the page ends.
    }
  }
}
