import type { InfiniteData } from '@tanstack/svelte-query';
import { untrack } from 'svelte';
import { post } from '../api/client';
import type { ConversationRow, Conversation, Counts, Id, ListName, Page, ParticipantRecord, ServerFrame, Wallboard } from '../api/wire';
import { cache, keys, staleKeys } from '../cache';
import { fits, type ListFilter } from '../filter';
import { catchUp, change, flush, waiting } from '../messages';
import { learn } from '../now.svelte';
import { patchPages } from '../rows';
import { session, resume } from '../session.svelte';
import { receipt } from '../thread';
import { Live, type LiveState } from './socket';

interface Typist {
  who: 'citizen' | 'agent' | 'bot' | 'note';
  name: string;
}

interface Line {
  state: LiveState;
  since: number;
  /** How many written messages wait for the line. */
  queued: number;
  typing: Record<Id, Typist | undefined>;
  viewers: Record<Id, { id: Id; name: string; typing: boolean; noting: boolean }[] | undefined>;
  offer: { conversation: Id; until: string } | null;
}

/** What the socket knows now. */
export const line = $state<Line>({ state: 'idle', since: Date.now(), queued: 0, typing: {}, viewers: {}, offer: null });

/** Whoever types says so every three seconds; after twice that the word is old: they went away, or only their line did. */
const typingLasts = 6000;
const typists: Record<Id, ReturnType<typeof setTimeout> | undefined> = {};

const wanted = { lists: new Set<ListName>(['mine']), open: null as Id | null, wallboard: false };
const arrivals = new Set<(row: ConversationRow) => void>();

const live = new Live({
  dial: async () => {
    const { ticket } = await post<{ ticket: string }>('/session/socket-ticket');
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    return new WebSocket(`${scheme}://${location.host}/ws/console?ticket=${encodeURIComponent(ticket)}`);
  },
  greet: () => [
    { type: 'hello', lists: [...wanted.lists] },
    ...(wanted.open ? [{ type: 'open', conversation: wanted.open, after: lastSeq(wanted.open) } as const] : []),
    ...(wanted.wallboard ? [{ type: 'wallboard', on: true } as const] : []),
  ],
  onFrame: take,
  onState: (state, since) => {
    if (line.state !== state && !(state === 'connecting' && line.state === 'waiting')) Object.assign(line, { state, since });
    line.queued = waiting().length;
  },
  onReturn: () => {
    void cache.invalidateQueries();
    void flush().then(() => (line.queued = waiting().length));
  },
});

/** Opens the line for as long as somebody is signed in; the effect that calls this must not depend on the line's own state. */
export function startLive(): () => void {
  untrack(() => live.start());
  const hurry = (): void => live.hurry();
  window.addEventListener('online', hurry);
  const timer = setInterval(() => {
    line.queued = waiting().length;
    if (line.queued > 0 && line.state === 'open') void flush();
  }, 5000);
  return () => {
    window.removeEventListener('online', hurry);
    clearInterval(timer);
    live.stop();
  };
}

/** Follows a list while it is on screen. */
export function watchList(list: ListName): void {
  if (wanted.lists.has(list) && wanted.lists.size === 1) return;
  wanted.lists = new Set([list]);
  live.send({ type: 'lists', lists: [list] });
}

/** Follows one thread; the returned function lets it go. */
export function watchThread(id: Id): () => void {
  wanted.open = id;
  live.send({ type: 'open', conversation: id, after: lastSeq(id) });
  return () => {
    if (wanted.open === id) wanted.open = null;
    live.send({ type: 'close', conversation: id });
  };
}

export function watchWallboard(): () => void {
  wanted.wallboard = true;
  live.send({ type: 'wallboard', on: true });
  return () => {
    wanted.wallboard = false;
    live.send({ type: 'wallboard', on: false });
  };
}

/** The citizen learns of a reply being written, never of a note. */
export function sendTyping(conversation: Id, on: boolean, note: boolean): void {
  live.send({ type: 'typing', conversation, on, note });
}

/** Calls back for each row that a citizen has just written in. */
export function onArrival(run: (row: ConversationRow) => void): () => void {
  arrivals.add(run);
  return () => arrivals.delete(run);
}

function lastSeq(id: Id): number {
  return cache.getQueryData<{ lastSeq: number }>(keys.messages(id))?.lastSeq ?? 0;
}

function take(frame: ServerFrame): void {
  switch (frame.type) {
    case 'welcome':
      learn(new Date(frame.at));
      cache.setQueryData<Counts>(keys.counts, frame.counts);
      if (session.me) session.me.presence = frame.presence;
      return;
    case 'row':
      return takeRow(frame.row, frame.lists);
    case 'counts':
      cache.setQueryData<Counts>(keys.counts, frame.counts);
      return;
    case 'thread':
      return catchUp(frame.conversation, frame.seq);
    case 'receipt':
      return change(frame.conversation, (thread) => receipt(thread, frame.seq, frame.state, frame.error));
    case 'typing':
      return takeTyping(frame.conversation, frame.on ? { who: frame.who, name: frame.name } : undefined);
    case 'viewers':
      line.viewers[frame.conversation] = frame.staff.filter((one) => one.id !== session.me?.id);
      return;
    case 'offer':
      line.offer = { conversation: frame.conversation, until: frame.until };
      return;
    case 'presence':
      if (session.me) session.me.presence = frame.presence;
      return;
    case 'stale':
      return frame.keys.forEach(markStale);
    case 'wallboard':
      cache.setQueryData<Wallboard>(keys.wallboard, frame.snapshot);
      return;
    case 'session_end':
      void resume();
      return;
    case 'error':
    case 'pong':
      return;
  }
}

function takeTyping(conversation: Id, typist: Typist | undefined): void {
  line.typing[conversation] = typist;
  clearTimeout(typists[conversation]);
  typists[conversation] = setTimeout(() => delete line.typing[conversation], typingLasts);
}

function takeRow(row: ConversationRow, lists: ListName[]): void {
  let before: ConversationRow | undefined;
  for (const list of wanted.lists) {
    for (const { queryKey } of cache.getQueryCache().findAll({ queryKey: ['list', list] })) {
      const inFilter = fits(queryKey[2] as ListFilter, row, session.me?.id ?? '');
      cache.setQueryData<InfiniteData<Page<ConversationRow>, string | null>>(queryKey, (data) => {
        if (!data) return data;
        const held = data.pages.flatMap((page) => page.items).find((one) => one.id === row.id);
        before ??= held;
        return { ...data, pages: patchPages(data.pages, list, row, inFilter && stays(list, lists, row, held)) };
      });
    }
  }
  cache.setQueryData<Conversation>(keys.conversation(row.id), (old) => (old ? { ...old, ...row } : old));
  if (before && before.state !== row.state) void cache.invalidateQueries({ queryKey: keys.conversation(row.id), exact: true });
  if (row.preview_from === 'citizen' && (before?.last_seq ?? 0) < row.last_seq) arrivals.forEach((run) => run(row));
}

/** Who was mentioned is in no row: such a list grows when it is marked stale, and loses what may not be opened any more, of which only the id comes. */
function stays(list: ListName, lists: ListName[], row: ConversationRow, held: ConversationRow | undefined): boolean {
  return list === 'mentioned' ? held !== undefined && row.person.contact_id !== '' : lists.includes(list);
}

function markStale(name: string): void {
  for (const queryKey of staleKeys(name)) void cache.invalidateQueries({ queryKey });
  if (!name.startsWith('record:')) return;
  const participant = name.slice('record:'.length);
  void cache.invalidateQueries({
    predicate: (q) => q.queryKey[2] === 'record' && (q.state.data as ParticipantRecord | undefined)?.participant.id === participant,
  });
}
