import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Conversation } from '$/lib/api/wire';
import { ComposerState } from './composer.svelte';

let asked: { method: string; path: string; body?: { kind: string; text: string; attachments: string[] } }[] = [];

beforeEach(() => {
  asked = [];
  vi.useFakeTimers();
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ method: init.method ?? '', path, ...(init.body ? { body: JSON.parse(String(init.body)) } : {}) });
    return new Response(null, { status: 204 });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const picture = { id: 'f1', name: 'bukti.jpg', bytes: 10, type: 'image/jpeg', state: 'clean', url: '' };

function opened(drafts: object[]): ComposerState {
  const composer = new ComposerState('c');
  composer.take({ can: ['reply', 'note'], limits: { attachment_bytes: 0, text_runes: 0 }, drafts } as unknown as Conversation);
  return composer;
}

describe('drafts', () => {
  test('a reply and a note come back, the last one in front, each with its own files', () => {
    const composer = opened([
      { kind: 'note', text: 'cek', attachments: [picture] },
      { kind: 'reply', text: 'Baik', attachments: [] },
    ]);
    expect(composer.kind).toBe('note');
    expect(composer.texts).toEqual({ note: 'cek', reply: 'Baik' });
    expect(composer.files.note.map((u) => u.key)).toEqual(['f1']);
    expect(composer.files.reply).toEqual([]);
  });

  test('what was typed is kept as what it is, also when the writer turns to the other at once', async () => {
    const composer = opened([{ kind: 'note', text: 'cek', attachments: [picture] }]);
    composer.texts.note = 'cek rekening';
    composer.typed();
    composer.write('reply');
    composer.texts.reply = 'Baik';
    composer.typed();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.map((a) => a.body)).toEqual([
      { kind: 'note', text: 'cek rekening', attachments: ['f1'] },
      { kind: 'reply', text: 'Baik', attachments: [] },
    ]);
  });

  test('emptying one leaves the other', async () => {
    const composer = opened([{ kind: 'note', text: 'cek', attachments: [] }, { kind: 'reply', text: 'Baik', attachments: [] }]);
    composer.texts.note = '';
    composer.typed();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([{ method: 'DELETE', path: '/api/v1/conversations/c/draft?kind=note' }]);
  });
});
