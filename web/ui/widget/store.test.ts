import { describe, expect, it } from 'vitest';
import type { MessageFrame, ServerFrame } from './frames';
import { empty, last, nextOutage, outages, quickReplies, take, type Chat, unread, unsent } from './store';

const at = '2026-11-22T03:00:00Z';
const line = (seq: number, more: Partial<MessageFrame> = {}): MessageFrame => ({ type: 'message', seq, from: 'bot', text: `line ${seq}`, at, ...more });
const after = (frames: ServerFrame[], from: Chat = empty()) => frames.reduce(take, from);
const writing = (echo: string, text = 'halo'): Chat => ({ ...empty(), pending: [{ echo, text, attachments: [] }] });

describe('lines', () => {
  it.each([
    ['in order', [1, 2, 3], [1, 2, 3]],
    ['out of order', [2, 3, 1], [1, 2, 3]],
    ['twice', [1, 2, 2, 1], [1, 2]],
  ])('%s', (_, came, want) => {
    expect(after(came.map((seq) => line(seq))).lines.map((l) => l.seq)).toEqual(want);
  });

  it('takes the newer of two with the same number: an attachment has arrived', () => {
    const file = { id: 'a', name: 'bukti.jpg', mime: 'image/jpeg', bytes: 10 };
    const chat = after([
      line(1, { attachments: [{ ...file, state: 'fetching' }] }),
      line(1, { attachments: [{ ...file, state: 'ready', url: '/x' }] }),
    ]);
    expect(chat.lines[0]?.attachments[0]?.state).toBe('ready');
  });
});

describe('own messages', () => {
  it('become a line when the server confirms them', () => {
    const chat = take(writing('e1'), { type: 'ack', echo: 'e1', seq: 4, at });
    expect(chat.pending).toEqual([]);
    expect(chat.lines.map((l) => [l.seq, l.from, l.text])).toEqual([[4, 'me', 'halo']]);
  });

  it('stand once when the line comes before its confirmation', () => {
    const chat = after([line(4, { from: 'me', echo: 'e1' }), { type: 'ack', echo: 'e1', seq: 4, at }], writing('e1'));
    expect(chat.lines).toHaveLength(1);
    expect(chat.pending).toEqual([]);
  });

  it('are sent again after a reconnect with the same echo, refused ones are not', () => {
    const chat = { ...writing('e1'), pending: [...writing('e1').pending, { echo: 'e2', text: 'x', attachments: [], refused: 'too long' }] };
    expect(unsent(chat)).toEqual([{ type: 'message', echo: 'e1', text: 'halo' }]);
  });

  it('stay with the reason when the server refuses them', () => {
    const chat = take(writing('e1'), { type: 'reject', echo: 'e1', code: 'too_long', text: 'Terlalu panjang' });
    expect(chat.pending[0]).toMatchObject({ text: 'halo', refused: 'Terlalu panjang' });
  });
});

describe('unread', () => {
  it('counts lines of the desk after the last look', () => {
    const chat = { ...after([line(1), line(2, { from: 'me' }), line(3, { from: 'agent' })]), seen: 1 };
    expect(unread(chat)).toBe(1);
  });
});

describe('quick replies', () => {
  const buttons = [{ id: 'yes', label: 'Ya' }];
  it('belong to the newest line of the desk', () => {
    expect(quickReplies(after([line(1, { buttons })]))).toEqual(buttons);
    expect(quickReplies(after([line(1, { buttons }), line(2)]))).toEqual([]);
    expect(quickReplies(after([line(1, { buttons })], writing('e1')))).toEqual([]);
  });
});

describe('standing', () => {
  it('stops typing when the conversation is closed', () => {
    const chat = after([{ type: 'typing', on: true }, { type: 'state', seq: 3, state: 'closed' }]);
    expect(chat.typing).toBe(false);
    expect(chat.standing).toEqual({ seq: 3, state: 'closed' });
  });

  it('keeps the highest line read', () => {
    expect(after([{ type: 'receipt', seq: 5, state: 'read' }, { type: 'receipt', seq: 3, state: 'read' }]).read).toBe(5);
  });
});

it('resumes after the last line held', () => {
  expect(last(empty())).toBe(0);
  expect(last(after([line(7), line(9)]))).toBe(9);
});

describe('notices', () => {
  const one = { id: 'a', text: 'Pencairan terlambat', from: '2026-11-24T01:00:00Z', until: '2026-11-24T05:00:00Z' };
  const chat = take(empty(), { type: 'welcome', seq: 0, state: 'bot', outages: [one] });
  const at = (text: string): number => Date.parse(`2026-11-24T${text}Z`);
  it('are told while the clock stands in them', () => {
    expect(outages(chat, [], at('00:59:59'))).toEqual([]);
    expect(outages(chat, [], at('01:00:00'))).toEqual([one]);
    expect(outages(chat, [], at('05:00:00'))).toEqual([]);
  });
  it('stay away once put away', () => expect(outages(chat, ['a'], at('02:00:00'))).toEqual([]));
  it('say when to look again', () => {
    expect(nextOutage(chat, at('00:00:00'))).toBe(3_600_000);
    expect(nextOutage(chat, at('04:00:00'))).toBe(3_600_000);
    expect(nextOutage(chat, at('06:00:00'))).toBeUndefined();
  });
});
