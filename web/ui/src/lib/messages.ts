import { get, post } from './api/client';
import { Problem } from './api/problem';
import type { Attachment, Id, Message, Messages, Named } from './api/wire';
import { sayProblem } from './api/words';
import { cache, keys } from './cache';
import { instant } from './now.svelte';
import { newId } from './id';
import { addPending, dropPending, emptyThread, markPending, merge, type Pending, type Thread } from './thread';

const page = 60;

export function threadOf(id: Id): Thread {
  return cache.getQueryData<Thread>(keys.messages(id)) ?? emptyThread;
}

export function change(id: Id, how: (thread: Thread) => Thread): void {
  cache.setQueryData<Thread>(keys.messages(id), (old) => (old ? how(old) : old));
}

/** Loads the end of a thread; over a copy already held it also closes any gap, so a refetch after a lost line misses nothing. */
export async function loadThread(id: Id, signal?: AbortSignal): Promise<Thread> {
  const path = `/conversations/${id}/messages`;
  const end = await get<Messages>(path, { limit: page }, signal);
  let thread = threadOf(id);
  const first = end.items[0]?.seq ?? 0;
  while (thread.items.length > 0 && thread.lastSeq + 1 < first) {
    const gap = await get<Messages>(path, { after: thread.lastSeq, limit: page }, signal);
    if (gap.items.length === 0) break;
    thread = merge(thread, gap.items);
  }
  const held = merge(merge(threadOf(id), thread.items), end.items);
  return { ...held, lastSeq: Math.max(held.lastSeq, end.last_seq), older: (held.items[0]?.seq ?? 1) > 1 };
}

/** One page further back. */
export async function loadOlder(id: Id): Promise<void> {
  const first = threadOf(id).items[0]?.seq ?? 0;
  const older = await get<Messages>(`/conversations/${id}/messages`, { before: first, limit: page });
  change(id, (thread) => ({ ...merge(thread, older.items), older: older.items.length > 0 && (older.items[0]?.seq ?? 1) > 1 }));
}

/** Loads further back until the line is there. */
export async function reach(id: Id, seq: number): Promise<void> {
  for (let thread = threadOf(id); thread.older && (thread.items[0]?.seq ?? 0) > seq; thread = threadOf(id)) await loadOlder(id);
}

const fetching = new Map<Id, Promise<void>>();

/** Takes what came after the last message held; calls that overlap share one request and look again at the end. */
export function catchUp(id: Id, seq: number): void {
  const thread = cache.getQueryData<Thread>(keys.messages(id));
  if (!thread || thread.lastSeq >= seq || fetching.has(id)) return;
  const run = get<Messages>(`/conversations/${id}/messages`, { after: lastHeld(thread), limit: page })
    .then((got) => {
      change(id, (old) => merge(old, got.items));
      fetching.delete(id);
      if (got.items.length > 0) catchUp(id, seq);
    })
    .catch(() => {
      fetching.delete(id);
      void cache.invalidateQueries({ queryKey: keys.messages(id), exact: true });
    });
  fetching.set(id, run);
}

function lastHeld(thread: Thread): number {
  return thread.items[thread.items.length - 1]?.seq ?? 0;
}

export interface Draft {
  kind: 'reply' | 'note';
  text: string;
  attachments: Attachment[];
  /** Whom a note calls. */
  mentions: Named[];
}

/**
 * Shows a message at once and sends it. Without a connection it waits and goes by itself under the same echo id, so it arrives once.
 * Throws the Problem when the thread has moved on (`stale_thread`), so that the writer may read first; other refusals stay in the thread.
 */
export async function send(id: Id, draft: Draft, seenSeq: number | null, echo = newId()): Promise<void> {
  const pending: Pending = { echo, ...draft, at: instant().toISOString(), state: 'sending' };
  change(id, (thread) => addPending(thread, pending));
  await deliver(id, pending, seenSeq);
}

export async function resend(id: Id, pending: Pending): Promise<void> {
  change(id, (thread) => markPending(thread, pending.echo, 'sending'));
  await deliver(id, pending, null).catch(() => undefined);
}

export function discard(id: Id, echo: string): void {
  change(id, (thread) => dropPending(thread, echo));
}

/** Shows a message that the server has just taken. */
export function received(id: Id, message: Message): void {
  change(id, (thread) => merge(thread, [message]));
}

async function deliver(id: Id, p: Pending, seenSeq: number | null): Promise<void> {
  const body = { echo: p.echo, kind: p.kind, text: p.text, attachments: p.attachments.map((a) => a.id), mentions: p.mentions.map((one) => one.id), ...(seenSeq === null ? {} : { seen_seq: seenSeq }) };
  try {
    const message = await post<Message>(`/conversations/${id}/messages`, body);
    change(id, (thread) => merge(dropPending(thread, p.echo), [message]));
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause;
    if (cause.code === 'stale_thread') {
      change(id, (thread) => dropPending(thread, p.echo));
      throw cause;
    }
    change(id, (thread) => markPending(thread, p.echo, cause.passing ? 'waiting' : 'failed', cause.passing ? undefined : sayProblem(cause)));
  }
}

/** Every message that waits for a connection, over all threads. */
export function waiting(): { conversation: Id; pending: Pending }[] {
  return cache
    .getQueryCache()
    .findAll({ predicate: (q) => q.queryKey[0] === 'conversation' && q.queryKey[2] === 'messages' })
    .flatMap((q) => (q.state.data as Thread | undefined)?.pending.filter((p) => p.state === 'waiting').map((pending) => ({ conversation: String(q.queryKey[1]), pending })) ?? []);
}

/** Sends what waited, oldest first, one after another. */
export async function flush(): Promise<void> {
  for (const { conversation, pending } of waiting().sort((a, b) => a.pending.at.localeCompare(b.pending.at))) {
    await resend(conversation, pending);
  }
}
