import { post, put, remove } from './api/client';
import { Problem } from './api/problem';
import type { Conversation, HeldReply, Id } from './api/wire';
import { cache, keys } from './cache';
import { send, type Draft } from './messages';

const shown = (id: Id, next: Conversation | undefined) => next && cache.setQueryData(keys.conversation(id), next);

/** Keeps a reply back until an hour. */
export async function schedule(id: Id, echo: string, draft: Draft, seenSeq: number, at: string): Promise<void> {
  const body = { echo, text: draft.text, attachments: draft.attachments.map((a) => a.id), seen_seq: seenSeq, at };
  shown(id, await post<Conversation>(`/conversations/${id}/held`, body));
}

/**
 * Sends a reply that can be taken back for some seconds. Without a connection it goes the other road under the same echo, where it waits in the thread:
 * the server knows both by it and sends one.
 */
export async function sendWithUndo(id: Id, echo: string, draft: Draft, seenSeq: number): Promise<void> {
  const body = { echo, text: draft.text, attachments: draft.attachments.map((a) => a.id), seen_seq: seenSeq };
  try {
    shown(id, await post<Conversation>(`/conversations/${id}/held`, body));
  } catch (cause) {
    if (!(cause instanceof Problem) || !cause.passing) throw cause;
    await send(id, draft, seenSeq, echo);
  }
}

export async function takeBack(id: Id, held: HeldReply): Promise<void> {
  shown(id, await remove<Conversation>(`/conversations/${id}/held/${held.id}`));
}

export async function sendNow(id: Id, held: HeldReply, seenSeq: number): Promise<void> {
  shown(id, await post<Conversation>(`/conversations/${id}/held/${held.id}/send`, { seen_seq: seenSeq }));
}

export async function reschedule(id: Id, held: HeldReply, seenSeq: number, at: string): Promise<void> {
  shown(id, await put<Conversation>(`/conversations/${id}/held/${held.id}`, { at, seen_seq: seenSeq }));
}
