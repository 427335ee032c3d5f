import type { Attachment } from './frames';
import type { Line, Pending } from './store';
import { h, linked } from './dom';
import { fill, tag, type Words } from './words';

const KILO = 1024;

export function size(bytes: number): string {
  if (bytes < KILO * KILO) return `${Math.max(1, Math.round(bytes / KILO))} KB`;
  return `${(bytes / KILO / KILO).toFixed(1)} MB`;
}

function attachment(file: Attachment, say: Words): HTMLElement {
  if (file.state === 'missing' || file.state === 'refused') return h('p', { class: 'file' }, `${file.name}: ${say.fileGone}`);
  if (!file.url) return h('p', { class: 'file' }, file.name, ' ', h('small', {}, file.state === 'fetching' ? say.fileWait : size(file.bytes)));
  const link = { href: file.url, target: '_blank', rel: 'noopener noreferrer', class: 'file' };
  if (!file.mime.startsWith('image/')) return h('a', link, file.name, ' ', h('small', {}, size(file.bytes)));
  return h('a', link, h('img', { src: file.url, alt: file.name, loading: 'lazy' }));
}

export function clock(at: string): string {
  const time = new Date(at);
  const hours = String(time.getHours()).padStart(2, '0');
  return `${hours}.${String(time.getMinutes()).padStart(2, '0')}`;
}

function who(line: Line, say: Words): string {
  if (line.from === 'me') return say.you;
  if (line.from === 'agent') return line.name;
  return line.from === 'bot' ? say.robot : say.system;
}

/** One confirmed line. read tells whether the desk has read it, when it is the visitor's own. */
export function lineView(line: Line, read: boolean, say: Words): HTMLElement {
  const mine = line.from === 'me';
  const state = mine ? ` · ${read ? say.readBy : say.sent}` : '';
  return h(
    'li',
    { class: `line ${line.from}`, ...(line.language ? { lang: tag(line.language) } : {}) },
    h('span', { class: 'who' }, who(line, say)),
    line.text !== '' && h('p', { class: 'text' }, mine ? line.text : linked(line.text)),
    ...line.attachments.map((file) => attachment(file, say)),
    h('time', { datetime: line.at }, clock(line.at) + state),
  );
}

/** A message on its way, or refused with the reason and a way to go on. */
export function pendingView(p: Pending, say: Words, act: { again: () => void; remove: () => void }): HTMLElement {
  return h(
    'li',
    { class: `line me pending${p.refused ? ' refused' : ''}` },
    h('span', { class: 'who' }, say.you),
    p.text !== '' && h('p', { class: 'text' }, p.text),
    ...p.attachments.map((file) => attachment(file, say)),
    p.refused
      ? h('p', { class: 'why' }, `${say.refused}: ${p.refused} `,
          h('button', { type: 'button', onclick: act.again }, say.again),
          h('button', { type: 'button', onclick: act.remove }, say.remove))
      : h('small', {}, say.sending),
  );
}

/** The sentence that says with whom one talks and how long it takes. Seconds become whole minutes, upwards. */
export function standingText(
  standing: { state: string; agent?: string; place?: number; wait?: { from: number; to: number } } | undefined,
  say: Words,
): string {
  switch (standing?.state) {
    case 'queued': {
      const place = fill(say.queued, { place: standing.place ?? 1 });
      if (!standing.wait) return place;
      const minutes = { from: Math.max(1, Math.ceil(standing.wait.from / 60)), to: Math.max(1, Math.ceil(standing.wait.to / 60)) };
      return `${place} · ${fill(say.wait, minutes)}`;
    }
    case 'agent':
      return fill(say.agent, { name: standing.agent ?? '' });
    case 'closed':
      return say.closed;
    default:
      return say.bot;
  }
}
