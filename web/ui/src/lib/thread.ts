import type { Attachment, DeliveryState, Message } from './api/wire';

/** A message this console has sent but the server has not yet confirmed. */
export interface Pending {
  echo: string;
  kind: 'reply' | 'note';
  text: string;
  attachments: Attachment[];
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
}

export const emptyThread: Thread = { items: [], pending: [], lastSeq: 0, older: false };

/** Takes messages in any order; a newer copy of one replaces it, and a confirmed echo leaves `pending`. */
export function merge(thread: Thread, incoming: readonly Message[]): Thread {
  if (incoming.length === 0) return thread;
  const bySeq = new Map(thread.items.map((m) => [m.seq, m]));
  for (const m of incoming) bySeq.set(m.seq, m);
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

const rank: Record<DeliveryState, number> = { queued: 0, sending: 1, unknown: 2, failed: 2, sent: 3, delivered: 4, read: 5 };

/** Applies a delivery receipt; states only climb, except that a retry may leave `failed` or `unknown`. */
export function receipt(thread: Thread, seq: number, state: DeliveryState, error?: string): Thread {
  const climb = (m: Message): Message => {
    if (m.seq !== seq || !m.delivery) return m;
    const from = m.delivery.state;
    const again = from === 'failed' || from === 'unknown';
    if (!again && rank[state] < rank[from]) return m;
    const { error: _old, ...rest } = m.delivery;
    return { ...m, delivery: { ...rest, state, retryable: state === 'failed', ...(error ? { error } : {}) } };
  };
  return { ...thread, items: thread.items.map(climb) };
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
