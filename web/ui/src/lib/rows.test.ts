import { describe, expect, test } from 'vitest';
import type { ConversationRow, Page } from './api/wire';
import { patchPages, step } from './rows';

const row = (id: string, minute: number): ConversationRow => {
  const at = `2026-03-01T01:${String(minute).padStart(2, '0')}:00Z`;
  return {
    id, kind: 'webchat', inbox: 'web', person: { contact_id: id, name: id, address_masked: '', kind: 'webchat', confidence: 'claimed' }, language: 'ind', state: 'queued',
    preview: '', preview_from: 'citizen', last_at: at, last_seq: 1, unread: 0, sla: { due_at: null, started_at: null, state: 'none', rule: '' }, priority: 3, snoozed_until: null, waiting_since: at, ticket_numbers: [], tags: [], failed: false,
  };
};
const page = (rows: ConversationRow[], next: string | null = null): Page<ConversationRow> => ({ items: rows, next });
const ids = (pages: Page<ConversationRow>[]): string => pages.map((p) => p.items.map((r) => r.id).join('')).join('|');

describe('patchPages', () => {
  const mine = [page([row('c', 30), row('b', 20)], 'x'), page([row('a', 10)], null)];
  const rows = [
    { name: 'a new message lifts its row to the top', list: 'mine', put: row('a', 40), belongs: true, want: 'acb|' },
    { name: 'a new row goes where its time says', list: 'mine', put: row('d', 25), belongs: true, want: 'cdb|a' },
    { name: 'the oldest goes to the loaded end', list: 'mine', put: row('d', 5), belongs: true, want: 'cb|ad' },
    { name: 'a row that left is gone', list: 'mine', put: row('b', 20), belongs: false, want: 'c|a' },
  ] as const;
  test.each(rows)('$name', ({ list, put, belongs, want }) => expect(ids(patchPages(mine, list, put, belongs))).toBe(want));

  test('who waits longest stays on top', () => {
    expect(ids(patchPages([page([row('a', 10), row('b', 20)])], 'waiting', row('c', 15), true))).toBe('acb');
  });
  test('a row past the loaded end stays unloaded', () => {
    expect(ids(patchPages([page([row('c', 30)], 'more')], 'mine', row('a', 1), true))).toBe('c');
  });
  test('an empty list takes its first row', () => {
    expect(ids(patchPages([page([])], 'mine', row('a', 1), true))).toBe('a');
  });
});

test('step stops at the ends and starts at the first', () => {
  const rows = [row('a', 1), row('b', 2)];
  expect(step(rows, null, 1)?.id).toBe('a');
  expect(step(rows, 'a', 1)?.id).toBe('b');
  expect(step(rows, 'b', 1)?.id).toBe('b');
  expect(step(rows, 'a', -1)?.id).toBe('a');
  expect(step([], null, 1)).toBeNull();
});
