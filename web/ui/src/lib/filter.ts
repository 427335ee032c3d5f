import type { ConversationRow, Id } from './api/wire';

/** What narrows a list of conversations: of each field, one of what it names. */
export interface ListFilter {
  kinds: string[];
  queues: Id[];
  tags: Id[];
  languages: string[];
  /** An id, 'me', 'none', or '' for anybody. */
  holder: string;
}

export const noFilter: ListFilter = { kinds: [], queues: [], tags: [], languages: [], holder: '' };

const lists = { kind: 'kinds', queue: 'queues', tag: 'tags', language: 'languages' } as const;

/** The filter that an address carries. */
export function filterOf(query: URLSearchParams): ListFilter {
  const many = (name: string): string[] => (query.get(name) ?? '').split(',').filter(Boolean);
  return { kinds: many('kind'), queues: many('queue'), tags: many('tag'), languages: many('language'), holder: query.get('holder') ?? '' };
}

/** The filter as query parameters, for an address and for the server; fields that narrow nothing are left out. */
export function filterQuery(filter: ListFilter): Record<string, string> {
  const query: Record<string, string> = {};
  for (const [name, field] of Object.entries(lists)) if (filter[field].length > 0) query[name] = filter[field].join(',');
  if (filter.holder) query['holder'] = filter.holder;
  return query;
}

/** Where a list narrowed so is: an address that can be sent to a colleague. */
export function inboxPlace(conversation: Id | null, list: string, filter: ListFilter): string {
  const query = new URLSearchParams({ ...(list !== 'mine' && { list }), ...filterQuery(filter) }).toString();
  return `/console/inbox${conversation ? `/${conversation}` : ''}${query && `?${query}`}`;
}

/** How many fields narrow. */
export function narrowing(filter: ListFilter): number {
  return Object.keys(filterQuery(filter)).length;
}

/** Whether a row that came live belongs into a list narrowed so. */
export function fits(filter: ListFilter, row: ConversationRow, me: Id): boolean {
  const one = (chosen: string[], value: string | undefined): boolean => chosen.length === 0 || (value !== undefined && chosen.includes(value));
  const held = row.assignee?.id;
  return (
    one(filter.kinds, row.kind) &&
    one(filter.queues, row.queue?.id) &&
    one(filter.languages, row.language) &&
    (filter.tags.length === 0 || row.tags.some((tag) => filter.tags.includes(tag.id))) &&
    (filter.holder === '' || (filter.holder === 'none' ? !held : held === (filter.holder === 'me' ? me : filter.holder)))
  );
}
