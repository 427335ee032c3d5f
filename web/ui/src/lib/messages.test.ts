import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Message } from './api/wire';
import { cache, keys } from './cache';
import { catchUp, flush, loadThread, send, threadOf, waiting } from './messages';
import { emptyThread } from './thread';

const all: Message[] = Array.from({ length: 150 }, (_, i) => ({
  id: `m${i + 1}`, seq: i + 1, from: 'citizen', kind: 'message', text: `${i + 1}`, buttons: [], attachments: [], at: new Date(1_772_000_000_000 + i * 1000).toISOString(),
}));
let known = 70;
let down = false;
let refuse: { status: number; body: object } | null = null;
let posted: { echo: string }[] = [];

function serve(input: RequestInfo | URL, init?: RequestInit): Response {
  const url = new URL(String(input), 'http://x');
  if (init?.method === 'POST') {
    const body = JSON.parse(String(init.body)) as { echo: string; text: string };
    if (refuse) return Response.json(refuse.body, { status: refuse.status });
    posted.push(body);
    known++;
    return Response.json({ ...all[known - 1]!, from: 'agent', echo: body.echo, text: body.text });
  }
  const [after, limit] = [Number(url.searchParams.get('after') ?? -1), Number(url.searchParams.get('limit'))];
  const there = all.slice(0, known);
  return Response.json({ items: after >= 0 ? there.slice(after, after + limit) : there.slice(-limit), last_seq: known });
}

beforeEach(() => {
  [known, down, refuse, posted] = [70, false, null, []];
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    if (down) throw new TypeError('network');
    return serve(input, init);
  });
});
afterEach(() => {
  cache.clear();
  vi.unstubAllGlobals();
});

async function open(id: string): Promise<void> {
  cache.setQueryData(keys.messages(id), await loadThread(id));
}

describe('a thread', () => {
  test('opens at its end', async () => {
    await open('c');
    expect(threadOf('c')).toMatchObject({ lastSeq: 70, older: true });
    expect(threadOf('c').items).toHaveLength(60);
  });

  test('closes a gap of any size after a lost line', async () => {
    await open('c');
    known = 150;
    await open('c');
    expect(threadOf('c').items.map((m) => m.seq)).toEqual(Array.from({ length: 140 }, (_, i) => i + 11));
  });

  test('catches up from a signal, over several pages', async () => {
    await open('c');
    known = 150;
    catchUp('c', 150);
    catchUp('c', 150);
    await vi.waitFor(() => expect(threadOf('c').lastSeq).toBe(150));
    expect(threadOf('c').items).toHaveLength(140);
  });
});

describe('sending', () => {
  const draft = { kind: 'reply' as const, text: 'halo', attachments: [], mentions: [] };
  beforeEach(() => void cache.setQueryData(keys.messages('c'), { ...emptyThread, lastSeq: 70 }));

  test('shows at once and settles under its echo', async () => {
    const going = send('c', draft, 70);
    expect(threadOf('c').pending).toHaveLength(1);
    await going;
    expect(threadOf('c').pending).toHaveLength(0);
    expect(threadOf('c').items.at(-1)).toMatchObject({ text: 'halo', echo: posted[0]!.echo });
  });

  test('waits without a connection and goes later under the same echo', async () => {
    down = true;
    await send('c', draft, 70);
    expect(waiting()).toHaveLength(1);
    const echo = waiting()[0]!.pending.echo;
    down = false;
    await flush();
    expect(waiting()).toHaveLength(0);
    expect(posted.map((p) => p.echo)).toEqual([echo]);
  });

  test('a stale thread gives the text back to the writer', async () => {
    refuse = { status: 409, body: { code: 'stale_thread', title: 'x' } };
    await expect(send('c', draft, 60)).rejects.toMatchObject({ code: 'stale_thread' });
    expect(threadOf('c').pending).toHaveLength(0);
  });

  test('a refusal stays in the thread with its reason', async () => {
    refuse = { status: 422, body: { code: 'window_closed', title: 'x' } };
    await send('c', draft, 70);
    expect(threadOf('c').pending[0]).toMatchObject({ state: 'failed' });
    expect(threadOf('c').pending[0]!.error).toContain('24 jam');
  });
});
