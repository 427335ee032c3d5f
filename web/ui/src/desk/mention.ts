import type { Named } from '$/lib/api/wire';

/** A call that is being typed: where its @ stands, where it ends, and the letters in between. */
export interface Call {
  from: number;
  to: number;
  typed: string;
}

/** The @ before the cursor that begins a name; one inside a word, as in an e-mail address, is none. */
export function callAt(text: string, cursor: number): Call | null {
  const found = /(?:^|[\s(])@([\p{L}\p{N}.'-]*(?: [\p{L}\p{N}.'-]*){0,2})$/u.exec(text.slice(0, cursor));
  return found ? { from: cursor - found[1]!.length - 1, to: cursor, typed: found[1]! } : null;
}

/** Those whose name has a word that begins with what is typed. */
export function fitting(colleagues: readonly Named[], typed: string): Named[] {
  const word = typed.toLowerCase();
  return colleagues.filter((one) => one.name.toLowerCase().startsWith(word) || one.name.toLowerCase().includes(` ${word}`));
}

/** Stretches of a text in which names that are called stand apart. */
export function stretches(text: string, names: readonly string[]): { text: string; call: boolean }[] {
  const longest = [...new Set(names)].filter(Boolean).sort((a, b) => b.length - a.length);
  const parts: { text: string; call: boolean }[] = [];
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const name = text[at] === '@' ? longest.find((one) => text.startsWith(one, at + 1) && !/[\p{L}\p{N}]/u.test(text[at + 1 + one.length] ?? '')) : undefined;
    if (name === undefined) {
      plain += text[at++];
      continue;
    }
    if (plain) parts.push({ text: plain, call: false });
    plain = '';
    parts.push({ text: `@${name}`, call: true });
    at += name.length + 1;
  }
  return plain ? [...parts, { text: plain, call: false }] : parts;
}

/** Whom a note calls: those whose whole name stands behind an @. */
export function called(text: string, colleagues: readonly Named[]): Named[] {
  const names = stretches(text, colleagues.map((one) => one.name)).filter((part) => part.call).map((part) => part.text.slice(1));
  return colleagues.filter((one) => names.includes(one.name));
}
