import type { Attachment, Button, ClientFrame, MessageFrame, Outage, ServerFrame, Standing } from './frames';

/** A message of the visitor that the server has not confirmed yet. */
export interface Pending {
  echo: string;
  text: string;
  attachments: Attachment[];
  button?: string;
  /** Why the server refused it; it stays so that nothing typed is lost. */
  refused?: string;
}

export interface Line {
  seq: number;
  from: MessageFrame['from'];
  name: string;
  text: string;
  language: string;
  attachments: Attachment[];
  buttons: Button[];
  at: string;
}

export interface Chat {
  lines: Line[];
  pending: Pending[];
  standing: Standing | undefined;
  typing: boolean;
  /** The newest line of ours that the desk has read. */
  read: number;
  /** The newest line that this visitor has looked at. */
  seen: number;
  csat: { question: string; scale: number } | undefined;
}

export function empty(): Chat {
  return { lines: [], pending: [], standing: undefined, typing: false, read: 0, seen: 0, csat: undefined };
}

/** The highest sequence held: where a resume goes on. */
export function last(chat: Chat): number {
  return chat.lines.at(-1)?.seq ?? 0;
}

/** Lines that came from the desk since the visitor last looked. */
export function unread(chat: Chat): number {
  return chat.lines.filter((line) => line.from !== 'me' && line.seq > chat.seen).length;
}

/** Takes one frame of the server. Frames may come twice or late: a line is placed by its sequence, once. */
export function take(chat: Chat, frame: ServerFrame): Chat {
  switch (frame.type) {
    case 'welcome':
    case 'state': {
      const { type: _, ...standing } = frame;
      return { ...chat, standing, typing: standing.state === 'closed' ? false : chat.typing };
    }
    case 'message':
      return addLine(chat, frame);
    case 'ack':
      return confirm(chat, frame.echo, frame.seq, frame.at);
    case 'reject':
      return {
        ...chat,
        pending: chat.pending.map((p) => (p.echo === frame.echo ? { ...p, refused: frame.text } : p)),
      };
    case 'typing':
      return { ...chat, typing: frame.on };
    case 'receipt':
      return frame.state === 'read' ? { ...chat, read: Math.max(chat.read, frame.seq) } : chat;
    case 'csat':
      return { ...chat, csat: { question: frame.question, scale: frame.scale } };
    default:
      return chat;
  }
}

function addLine(chat: Chat, frame: MessageFrame): Chat {
  const pending = frame.echo ? chat.pending.filter((p) => p.echo !== frame.echo) : chat.pending;
  const line: Line = {
    seq: frame.seq,
    from: frame.from,
    name: frame.name ?? '',
    text: frame.text,
    language: frame.language ?? '',
    attachments: frame.attachments ?? [],
    buttons: frame.buttons ?? [],
    at: frame.at,
  };
  return { ...chat, pending, lines: place(chat.lines, line), typing: frame.from === 'me' ? chat.typing : false };
}

/** An attachment that was still being fetched arrives as the same line again, so the newer one wins. */
function place(lines: Line[], line: Line): Line[] {
  const others = lines.filter((known) => known.seq !== line.seq);
  const at = others.findIndex((known) => known.seq > line.seq);
  return at < 0 ? [...others, line] : [...others.slice(0, at), line, ...others.slice(at)];
}

function confirm(chat: Chat, echo: string, seq: number, at: string): Chat {
  const sent = chat.pending.find((p) => p.echo === echo);
  if (!sent) return chat;
  const line: Line = {
    seq, at, from: 'me', name: '', text: sent.text, language: '', attachments: sent.attachments, buttons: [],
  };
  const known = chat.lines.some((l) => l.seq === seq);
  return {
    ...chat,
    pending: chat.pending.filter((p) => p.echo !== echo),
    lines: known ? chat.lines : place(chat.lines, line),
  };
}

/** What must be sent again after a reconnect: everything neither confirmed nor refused, in the order it was written. */
export function unsent(chat: Chat): ClientFrame[] {
  return chat.pending
    .filter((p) => !p.refused)
    .map((p) => ({
      type: 'message',
      echo: p.echo,
      text: p.text,
      ...(p.attachments.length ? { attachments: p.attachments.map((a) => a.id) } : {}),
      ...(p.button ? { button: p.button } : {}),
    }));
}

/** Quick replies belong to the newest line only, and only while nothing is on its way. */
export function quickReplies(chat: Chat): Button[] {
  if (chat.pending.some((p) => !p.refused)) return [];
  const newest = chat.lines.at(-1);
  return newest && newest.from !== 'me' ? newest.buttons : [];
}

/** What is out of order at an instant, without what this visitor has put away. */
export function outages(chat: Chat, away: readonly string[], now: number): Outage[] {
  return (chat.standing?.outages ?? []).filter((one) => Date.parse(one.from) <= now && now < Date.parse(one.until) && !away.includes(one.id));
}

/** In how many milliseconds the next notice begins or ends; undefined when none does. */
export function nextOutage(chat: Chat, now: number): number | undefined {
  const turns = (chat.standing?.outages ?? []).flatMap((one) => [Date.parse(one.from), Date.parse(one.until)]).filter((at) => at > now);
  return turns.length ? Math.min(...turns) - now : undefined;
}
