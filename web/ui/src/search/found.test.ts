import { expect, test } from 'vitest';
import type { ConversationRow, Found, FoundConversation, ParticipantRow, TicketRow } from '$/lib/api/wire';
import { answers, brief, countOf, entriesOf, placeOf, worthAsking } from './found';

const ticket = (id: string): TicketRow => ({
  id, number: `SP-${id}`, subject: '', state: 'open', class: 'complaint', oversight: null, category: 'c', category_label: 'Kategori', priority: 3, level: 1, person: '', registered_at: '', due_at: null,
  sla: { due_at: null, started_at: null, state: 'none', rule: '' }, version: 1, tags: [],
});
const person: ParticipantRow = { id: 'p', name: 'Siti Contoh', phone_masked: '+62 812-••••-01', nik_masked: '', region: '', stage: 'paid', language: 'ind' };
const row = (id: string, state: ConversationRow['state']): ConversationRow => ({
  id, kind: 'webchat', inbox: 'web', person: { contact_id: 'contact', name: 'Budi', address_masked: '', kind: 'webchat', confidence: 'claimed' }, language: 'ind', state, preview: 'pesan terakhir', preview_from: 'citizen',
  last_at: '', last_seq: 9, unread: 0, sla: { due_at: null, started_at: null, state: 'none', rule: '' }, priority: 3, waiting_since: null, snoozed_until: null, ticket_numbers: [], failed: false, tags: [],
});
const excerpt = [{ text: 'belum ', match: false }, { text: 'cair', match: true }];
const said: FoundConversation = { row: row('v1', 'ended'), line: { seq: 7, from: 'citizen', at: '', excerpt } };
const found: Found = {
  tickets: { items: ['1', '2', '3'].map(ticket), more: true }, people: { items: [person], more: false }, conversations: { items: [said, { row: row('v2', 'agent') }], more: false }, mistyped: false,
};

test.each([['', false], ['  ab ', false], ['abc', true], ['🙏🙏', false], [' si ti', true]])('%j is worth asking: %s', (typed, want) => expect(worthAsking(typed)).toBe(want));

test.each([['insentif', ' insentif ', true], ['insen', 'insentif', false], ['insentif', 'insen', false], ['ab', 'ab', false], ['', '', false]])('what was found for %j answers %j: %s', (term, typed, want) => {
  expect(answers(term, typed)).toBe(want);
});

test('entries come group after group, a few of each', () => {
  expect(entriesOf(found, 2).map((one) => `${one.kind} ${one.id}`)).toEqual(['tickets 1', 'tickets 2', 'people p', 'conversations v1', 'conversations v2']);
});

test('an entry says what it is found by', () => {
  const [first, , , someone, line, other] = entriesOf(found, 9);
  expect(first).toMatchObject({ label: 'SP-1', detail: [{ text: 'Kategori', match: false }], to: '/console/tickets/1?list=all' });
  expect(someone).toMatchObject({ label: 'Siti Contoh', detail: [{ text: '+62 812-••••-01', match: false }], to: '/console/people/p' });
  expect(line).toMatchObject({ label: 'Budi', detail: excerpt });
  expect(other).toMatchObject({ detail: [{ text: 'pesan terakhir', match: false }] });
});

test('a conversation opens at its line, in a list that holds it', () => {
  expect(placeOf(said)).toBe('/console/inbox/v1?list=ended&line=7');
  expect(placeOf({ row: row('v2', 'agent') })).toBe('/console/inbox/v2?list=all');
});

test('a short line begins near its match', () => {
  const far = [{ text: 'Sudah sebulan lebih saya menunggu, ', match: false }, ...excerpt.slice(1)];
  expect(brief(far)[0]!.text).toBe('…ebih saya menunggu, ');
  expect(brief(far)[1]).toEqual(excerpt[1]);
  expect(brief(excerpt)).toEqual(excerpt);
  expect(brief(far.slice(0, 1))).toEqual(far.slice(0, 1));
});

test('kinds that are not for the reader count nothing', () => {
  expect(countOf(found)).toBe(6);
  expect(countOf({ mistyped: false })).toBe(0);
  expect(entriesOf({ mistyped: false }, 4)).toEqual([]);
});
