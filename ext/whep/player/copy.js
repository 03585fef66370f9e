// Puts text onto the clipboard.

const SHOWN_MS = 2000;

const copyBySelection = (text, place) => {
  const area = document.createElement('textarea');
  const focused = document.activeElement;
  area.value = text;
  area.className = 'offscreen';
  place.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  if (focused)
    focused.focus();
  return isCopied;
};

// Returns whether it is there. Browsers have navigator.clipboard over HTTPS and
// on localhost only, and the other way needs a @place that is open to input:
// within a dialog, if there is one.
export const copyText = async (text, place = document.body) => {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (error) {
    return copyBySelection(text, place);
  }
};

// For @target, the element whose text is copied. @what: names it.
export const copyButton = (target, what) => {
  const button = document.createElement('button');
  let timer = 0;
  const label = (text) => {
    button.textContent = text;
    button.setAttribute('aria-label', `${text} ${what}`);
  };
  button.type = 'button';
  button.className = 'copy';
  label('Copy');
  button.addEventListener('click', async () => {
    label(await copyText(target.textContent) ? 'Copied' : 'Can’t copy');
    clearTimeout(timer);
    timer = setTimeout(label, SHOWN_MS, 'Copy');
  });
  return button;
};
