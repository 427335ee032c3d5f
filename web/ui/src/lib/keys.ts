/** One keyboard shortcut: the key as KeyboardEvent.key gives it, `mod` for Ctrl or Cmd. */
export interface Shortcut {
  key: string;
  mod?: boolean;
  /** Also works while a field has the focus; single letters must not. */
  typing?: boolean;
  run: () => void;
}

interface Layer {
  shortcuts: readonly Shortcut[];
}

const layers: Layer[] = [];

/** Adds shortcuts above those already there, until the returned function is called; the newest layer answers first. */
export function bind(shortcuts: readonly Shortcut[]): () => void {
  const layer = { shortcuts };
  layers.push(layer);
  return () => {
    const at = layers.indexOf(layer);
    if (at >= 0) layers.splice(at, 1);
  };
}

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing?: boolean;
}

/** The shortcut that answers a key press, or null. A modal dialog silences everything except what stands above it. */
export function answer(press: Press, typing: boolean): Shortcut | null {
  if (press.altKey || press.isComposing) return null;
  const mod = press.ctrlKey || press.metaKey;
  for (let i = layers.length - 1; i >= 0; i--) {
    const found = layers[i]!.shortcuts.find((s) => same(s.key, press.key) && Boolean(s.mod) === mod && (!typing || s.typing));
    if (found) return found;
  }
  return null;
}

function same(a: string, b: string): boolean {
  return a.length === 1 && b.length === 1 ? a.toLowerCase() === b.toLowerCase() : a === b;
}

/** True where letters mean text: inputs, areas, selects, editable regions. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches('textarea, select')) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type);
}

/** Listens on the window; called once by the shell. */
export function listen(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
    const found = answer(event, isTyping(event.target));
    if (!found) return;
    event.preventDefault();
    found.run();
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
