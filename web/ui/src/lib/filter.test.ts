import { describe, expect, test } from 'vitest';
import type { ConversationRow } from './api/wire';
import { filterOf, filterQuery, fits, narrowing, noFilter } from './filter';

const row = {
  kind: 'whatsapp', language: 'jav', queue: { id: 'q1', name: 'Insentif' }, assignee: { id: 's1', name: 'Rina' }, tags: [{ id: 't1', name: 'bukti', tone: 'blue' }],
} as ConversationRow;

describe('a filter', () => {
  test('goes into an address and comes back', () => {
    const filter = { kinds: ['sms', 'whatsapp'], queues: ['q1'], tags: ['t1', 't2'], languages: [], holder: 'me' };
    const query = filterQuery(filter);
    expect(query).toEqual({ kind: 'sms,whatsapp', queue: 'q1', tag: 't1,t2', holder: 'me' });
    expect(filterOf(new URLSearchParams(query))).toEqual(filter);
    expect(narrowing(filter)).toBe(4);
  });
  test.each([
    { name: 'nothing chosen', filter: {}, want: true },
    { name: 'one of the tags', filter: { tags: ['t9', 't1'] }, want: true },
    { name: 'another tag', filter: { tags: ['t9'] }, want: false },
    { name: 'every field must fit', filter: { tags: ['t1'], kinds: ['sms'] }, want: false },
    { name: 'mine', filter: { holder: 'me' }, want: true },
    { name: 'nobody holds it', filter: { holder: 'none' }, want: false },
    { name: 'a colleague', filter: { holder: 's2' }, want: false },
    { name: 'queue and language', filter: { queues: ['q1'], languages: ['jav', 'sun'] }, want: true },
  ])('$name', ({ filter, want }) => expect(fits({ ...noFilter, ...filter }, row, 's1')).toBe(want));
  test('a row without a queue is in none', () => {
    const { queue: _, ...bare } = row;
    expect(fits({ ...noFilter, queues: ['q1'] }, bare as ConversationRow, 's1')).toBe(false);
  });
});
