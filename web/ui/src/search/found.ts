import type { Found, FoundConversation, FoundKind, Piece } from '$/lib/api/wire';
import { nameOf } from '../desk/person';

/** Shorter texts fit too much to be worth asking for. */
export const fewest = 3;

export function worthAsking(typed: string): boolean {
  return [...typed.trim()].length >= fewest;
}

/** Whether what was found for a term is an answer to what stands in the field now: an older one must not be opened by Enter. */
export function answers(term: string, typed: string): boolean {
  return worthAsking(typed) && term === typed.trim();
}

/** One thing that was found, as a single line shows it. */
export interface Entry {
  id: string;
  kind: FoundKind;
  label: string;
  detail: readonly Piece[];
  to: string;
}

const plain = (...texts: (string | undefined)[]): Piece[] => [{ text: texts.filter(Boolean).join(' · '), match: false }];

/** How many characters stand before the first match on a line that has room for few. */
const lead = 20;

/** An excerpt for one short line: it begins shortly before its first match. */
export function brief(pieces: readonly Piece[]): readonly Piece[] {
  const [first, ...rest] = pieces;
  if (!first || first.match || !rest.some((piece) => piece.match) || first.text.length <= lead) return pieces;
  return [{ ...first, text: `…${first.text.slice(-lead).trimStart()}` }, ...rest];
}

/** Where a conversation opens: in a list that holds it, at the line by which it was found. */
export function placeOf({ row, line }: FoundConversation): string {
  return `/console/inbox/${row.id}?list=${row.state === 'ended' ? 'ended' : 'all'}${line ? `&line=${line.seq}` : ''}`;
}

/** Where the open conversations that carry a tag are listed. */
export function taggedPlace(id: string): string {
  return `/console/inbox?list=all&tag=${id}`;
}

/** What was found, group after group, at most `each` of a kind. */
export function entriesOf(found: Found, each: number): Entry[] {
  return [
    ...(found.tickets?.items ?? []).slice(0, each).map((one): Entry => ({ id: one.id, kind: 'tickets', label: one.number, detail: plain(one.subject || one.category_label), to: `/console/tickets/${one.id}?list=all` })),
    ...(found.tags?.items ?? []).slice(0, each).map((one): Entry => ({ id: one.id, kind: 'tags', label: one.name, detail: [], to: taggedPlace(one.id) })),
    ...(found.people?.items ?? []).slice(0, each).map((one): Entry => ({ id: one.id, kind: 'people', label: one.name, detail: plain(one.phone_masked, one.nik_masked), to: `/console/people/${one.id}` })),
    ...(found.conversations?.items ?? []).slice(0, each).map((one): Entry => ({ id: one.row.id, kind: 'conversations', label: nameOf(one.row.person), detail: one.line ? brief(one.line.excerpt) : plain(one.row.preview), to: placeOf(one) })),
  ];
}

/** How many were found, over all kinds. */
export function countOf(found: Found): number {
  return [found.tickets, found.tags, found.people, found.conversations].reduce((sum, best) => sum + (best?.items.length ?? 0), 0);
}
