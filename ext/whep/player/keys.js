// What the keys do on the page of a stream.

const COMMANDS = {
  ' ': 'pause',
  m: 'sound',
  ArrowUp: 'louder',
  ArrowDown: 'quieter',
  ArrowLeft: 'back',
  ArrowRight: 'live',
  f: 'full',
  t: 'theatre',
  p: 'picture',
  s: 'snapshot',
  i: 'graphs',
  '?': 'help',
};

// An element that takes such keys itself.
const TYPING = 'input, textarea, select, dialog';
const PRESSING = 'a, button, summary';

// What scrolls by keys.
const SCROLLING = '[tabindex]';
const REPEATING = ['ArrowUp', 'ArrowDown'];

// The focus leaves what has been closed with the next frame only.
const CLOSED = 'dialog:not([open]), [hidden]';

const isTaken = (name, target) => target.closest(TYPING) ||
  name === ' ' && target.closest(PRESSING) ||
  /^Arrow|^ $/.test(name) && target.closest(SCROLLING);

// The command of a keydown event; '' for none.
export const commandOf = ({ key, ctrlKey, altKey, metaKey, repeat,
  target }) => {
  const name = key.length === 1 ? key.toLowerCase() : key;
  const isOther = ctrlKey || altKey || metaKey ||
    repeat && !REPEATING.includes(name) ||
    target.closest && !target.closest(CLOSED) && isTaken(name, target);
  return !isOther && COMMANDS[name] || '';
};
