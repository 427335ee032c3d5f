import { describe, expect, test } from 'vitest';
import type { DeliveryState, Message } from './api/wire';
import { addPending, bubbles, emptyThread, markPending, merge, receipt, refreshFile, type Pending } from './thread';

const message = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `m${seq}`, seq, from: 'citizen', kind: 'message', text: `t${seq}`, buttons: [], attachments: [], at: `2026-03-01T01:00:${String(seq).padStart(2, '0')}Z`, ...more,
});
const pending = (echo: string): Pending => ({ echo, kind: 'reply', text: 'x', attachments: [], mentions: [], at: '2026-03-01T01:00:00Z', state: 'sending' });
const seqs = (items: readonly Message[]): number[] => items.map((m) => m.seq);

describe('a file fetched again', () => {
  const file = { id: 'f1', name: 'a.jpg', mime: 'image/jpeg', bytes: 0, state: 'missing' as const, again: true };
  test('takes its new state in its own place and in no other', () => {
    const other = { ...file, id: 'f2' };
    const before = merge(emptyThread, [message(1, { attachments: [file, other] }), message(2)]);
    const after = refreshFile(before, { ...file, state: 'fetching', again: false });
    expect(after.items[0]?.attachments.map((one) => one.state)).toEqual(['fetching', 'missing']);
    expect(after.items[1]).toBe(before.items[1]);
  });
});

describe('merge', () => {
  test('orders, drops doubles and keeps the newer copy', () => {
    const thread = merge(merge(emptyThread, [message(3), message(1)]), [message(2), message(3, { text: 'new' })]);
    expect(seqs(thread.items)).toEqual([1, 2, 3]);
    expect(thread.items[2]!.text).toBe('new');
    expect(thread.lastSeq).toBe(3);
  });
  test('a confirmed echo takes the place of the pending one', () => {
    const thread = merge(addPending(addPending(emptyThread, pending('a')), pending('b')), [message(1, { from: 'agent', echo: 'a' })]);
    expect(thread.pending.map((p) => p.echo)).toEqual(['b']);
  });
  test('messages without an echo leave pending ones alone', () => {
    expect(merge(addPending(emptyThread, pending('a')), [message(1)]).pending).toHaveLength(1);
  });
});

test('the same echo is pending once', () => {
  expect(addPending(addPending(emptyThread, pending('a')), pending('a')).pending).toHaveLength(1);
});

test('a retry clears the old reason', () => {
  const failed = markPending(addPending(emptyThread, pending('a')), 'a', 'failed', 'too long');
  expect(failed.pending[0]).toMatchObject({ state: 'failed', error: 'too long' });
  expect(markPending(failed, 'a', 'sending').pending[0]).not.toHaveProperty('error');
});

describe('receipts only climb', () => {
  const rows: { from: DeliveryState; to: DeliveryState; want: DeliveryState }[] = [
    { from: 'queued', to: 'sent', want: 'sent' },
    { from: 'delivered', to: 'sent', want: 'delivered' },
    { from: 'read', to: 'delivered', want: 'read' },
    { from: 'delivered', to: 'failed', want: 'delivered' },
    { from: 'sending', to: 'failed', want: 'failed' },
    { from: 'sent', to: 'failed', want: 'failed' },
    { from: 'failed', to: 'delivered', want: 'delivered' },
    { from: 'failed', to: 'queued', want: 'queued' },
    { from: 'unknown', to: 'sent', want: 'sent' },
  ];
  test.each(rows)('$from, $to', ({ from, to, want }) => {
    const thread = merge(emptyThread, [message(1, { delivery: { outbox_id: 'o', state: from, retryable: false } })]);
    expect(receipt(thread, 1, to).items[0]!.delivery!.state).toBe(want);
  });
});

describe('a receipt and its message may cross', () => {
  const sent = (state: DeliveryState): Message => message(2, { delivery: { outbox_id: 'o', state, retryable: false } });
  const state = (thread: typeof emptyThread): DeliveryState => thread.items.at(-1)!.delivery!.state;
  const held = merge(emptyThread, [message(1)]);
  test('one that came first waits for its message', () => {
    expect(state(merge(receipt(receipt(held, 2, 'read'), 2, 'delivered'), [sent('sent')]))).toBe('read');
  });
  test('an older answer does not take it back', () => {
    expect(state(merge(receipt(merge(held, [sent('sent')]), 2, 'read'), [sent('sent')]))).toBe('read');
  });
  test('a newer answer goes on', () => {
    expect(state(merge(merge(held, [sent('sent')]), [sent('delivered')]))).toBe('delivered');
  });
  test('a retry elsewhere is seen', () => {
    expect(state(merge(merge(held, [sent('failed')]), [sent('queued')]))).toBe('queued');
  });
});

test('bubbles of one author within five minutes share a head', () => {
  const late = '2026-03-01T01:09:00Z';
  const heads = bubbles([message(1), message(2), message(3, { from: 'bot' }), message(4, { from: 'bot', at: late })]).map((b) => b.head);
  expect(heads).toEqual([true, false, true, true]);
});
