import type { Attachment, DeliveryState, Message, Named } from './api/wire';

/** A message this console has sent but the server has not yet confirmed. */
export interface Pending {
  echo: string;
  kind: 'reply' | 'note';
  text: string;
  attachments: Attachment[];
  mentions: Named[];
  at: string;
  /** waiting = no connection, goes by itself; failed = refused, the agent decides. */
  state: 'sending' | 'waiting' | 'failed';
  error?: string;
}

/** One open thread: what the server confirmed, ascending by seq without doubles, and what is on its way. */
export interface Thread {
  items: Message[];
  pending: Pending[];
  lastSeq: number;
  /** Whether older messages may exist before items[0]. */
  older: boolean;
  /** Receipts that overtook their message, by its seq; they wait here for it. */
  early?: Readonly<Record<number, { state: DeliveryState; error?: string | undefined }>>;
}

export const emptyThread: Thread = { items: [], pending: [], lastSeq: 0, older: false };

/**
 * Takes messages in any order; a newer copy of one replaces it, and a confirmed echo leaves `pending`. An answer on its way
 * since before a receipt knows less than the receipt did: delivery never falls back.
 */
export function merge(thread: Thread, incoming: readonly Message[]): Thread {
  if (incoming.length === 0) return thread;
  const bySeq = new Map(thread.items.map((m) => [m.seq, m]));
  for (const m of incoming) {
    const held = bySeq.get(m.seq)?.delivery;
    const known = held && !retried(held.state) ? delivered(m, held.state, held.error) : m;
    const early = thread.early?.[m.seq];
    bySeq.set(m.seq, early ? delivered(known, early.state, early.error) : known);
  }
  const items = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  const echoes = new Set(incoming.map((m) => m.echo).filter(Boolean));
  return {
    ...thread,
    items,
    pending: thread.pending.filter((p) => !echoes.has(p.echo)),
    lastSeq: Math.max(thread.lastSeq, items[items.length - 1]!.seq),
  };
}

export function addPending(thread: Thread, pending: Pending): Thread {
  return thread.pending.some((p) => p.echo === pending.echo) ? thread : { ...thread, pending: [...thread.pending, pending] };
}

export function markPending(thread: Thread, echo: string, state: Pending['state'], error?: string): Thread {
  const mark = ({ error: _old, ...p }: Pending): Pending => (error ? { ...p, state, error } : { ...p, state });
  return { ...thread, pending: thread.pending.map((p) => (p.echo === echo ? mark(p) : p)) };
}

export function dropPending(thread: Thread, echo: string): Thread {
  return { ...thread, pending: thread.pending.filter((p) => p.echo !== echo) };
}

/** The server's ladder: a message that was sent may still fail, one that was delivered did not. */
const rank: Record<DeliveryState, number> = { queued: 0, sending: 1, unknown: 2, sent: 3, failed: 4, delivered: 5, read: 6 };

/** States that a retry leaves: what comes after them is news, whatever its rank. */
const retried = (state: DeliveryState): boolean => state === 'failed' || state === 'unknown';

/** The message with a delivery state; states only climb, except after a retry. */
function delivered(m: Message, state: DeliveryState, error?: string): Message {
  if (!m.delivery) return m;
  const from = m.delivery.state;
  if (!retried(from) && rank[state] < rank[from]) return m;
  const { error: _old, ...rest } = m.delivery;
  return { ...m, delivery: { ...rest, state, retryable: state === 'failed', ...(error ? { error } : {}) } };
}

/** Applies a delivery receipt, or keeps it for a message that is still on its way. */
export function receipt(thread: Thread, seq: number, state: DeliveryState, error?: string): Thread {
  if (seq > thread.lastSeq || !thread.items.some((m) => m.seq === seq)) {
    const before = thread.early?.[seq];
    return before && rank[before.state] > rank[state] ? thread : { ...thread, early: { ...thread.early, [seq]: { state, error } } };
  }
  return { ...thread, items: thread.items.map((m) => (m.seq === seq ? delivered(m, state, error) : m)) };
}

/** Puts a newer state of a file in its place, wherever the thread shows it. */
export function refreshFile(thread: Thread, file: Attachment): Thread {
  const holds = (m: Message): boolean => m.attachments.some((one) => one.id === file.id);
  const items = thread.items.map((m) => (holds(m) ? { ...m, attachments: m.attachments.map((one) => (one.id === file.id ? file : one)) } : m));
  return { ...thread, items };
}

export interface Bubble {
  message: Message;
  /** First of a run by the same hand: carries name and time. */
  head: boolean;
}

const runGap = 5 * 60_000;

/** Marks where a run by one author within five minutes begins. */
export function bubbles(items: readonly Message[]): Bubble[] {
  return items.map((message, i) => {
    const before = items[i - 1];
    const same = before && before.from === message.from && before.kind === message.kind && before.author?.id === message.author?.id;
    const close = before && Date.parse(message.at) - Date.parse(before.at) < runGap;
    return { message, head: !(same && close) };
  });
}
