import { QueryClient } from '@tanstack/svelte-query';
import { Problem } from './api/problem';
import type { Id, ListName } from './api/wire';
import { type ListFilter, noFilter } from './filter';

/** One cache for everything the server told us; screens read it by the keys below and nothing else. */
export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (count, cause) => cause instanceof Problem && cause.passing && count < 2,
      retryDelay: (count) => 600 * 2 ** count,
    },
    mutations: { retry: false },
  },
});

export const keys = {
  session: ['session'] as const,
  reasons: ['presence-reasons'] as const,
  templates: ['templates'] as const,
  outreach: (contact: Id, participant: Id) => ['outreach', contact, participant] as const,
  reach: (inbox: Id, point: Id) => ['outreach', 'reach', inbox, point] as const,
  snoozeChoices: ['snooze-choices'] as const,
  counts: ['counts'] as const,
  lists: ['list'] as const,
  list: (name: ListName, filter: ListFilter = noFilter) => ['list', name, filter] as const,
  tags: ['tags'] as const,
  views: ['views'] as const,
  mentions: ['mentions'] as const,
  mentionList: ['mentions', 'list'] as const,
  mentionCount: ['mentions', 'unread'] as const,
  colleagues: (id: Id) => ['conversation', id, 'colleagues'] as const,
  conversation: (id: Id) => ['conversation', id] as const,
  messages: (id: Id) => ['conversation', id, 'messages'] as const,
  conversationRecord: (id: Id) => ['conversation', id, 'record'] as const,
  suggestions: (id: Id) => ['conversation', id, 'suggestions'] as const,
  history: (id: Id) => ['conversation', id, 'history'] as const,
  macros: (id: Id, q: string) => ['macros', id, q] as const,
  failed: ['failed'] as const,
  people: (q: string) => ['people', q] as const,
  search: (q: string) => ['search', q] as const,
  record: (id: Id) => ['record', id] as const,
  access: (id: Id) => ['record', id, 'access'] as const,
  approvals: (state: string) => ['approvals', state] as const,
  approvalsAll: ['approvals'] as const,
  approval: (id: Id) => ['approvals', 'one', id] as const,
  ticketsAll: ['tickets'] as const,
  duplicates: (id: Id, category: string) => ['tickets', 'duplicates', id, category] as const,
  tickets: (list: string, q: string, tag: Id) => ['tickets', list, q, tag] as const,
  ticket: (id: Id) => ['ticket', id] as const,
  categories: ['categories'] as const,
  codes: ['codes'] as const,
  staff: (q: string) => ['staff', q] as const,
  queues: ['queues'] as const,
  articlesAll: ['articles'] as const,
  articles: (q: string) => ['articles', q] as const,
  article: (id: Id) => ['articles', 'one', id] as const,
  report: (query: string) => ['report', query] as const,
  wallboard: ['wallboard'] as const,
  formulas: ['formulas'] as const,
  cases: (measure: string, kind: string, queue: string, staff: string) => ['cases', measure, kind, queue, staff] as const,
  outages: ['outages'] as const,
  setting: (object: string) => ['settings', object] as const,
  staffSettings: (q: string, role: string, team: string, state: string) => ['settings', 'staff', 'list', q, role, team, state] as const,
  staffSetting: (id: Id) => ['settings', 'staff', 'one', id] as const,
  holidaySettings: (year: number) => ['settings', 'holidays', 'year', year] as const,
  deliveries: (id: Id, state: string) => ['settings', 'webhook', 'deliveries', id, state] as const,
  settingHistory: (object: string, id: string) => ['settings', object, 'history', id] as const,
};

/** Which cache keys a `stale` name of the socket stands for; an unknown name marks nothing. */
export function staleKeys(name: string): (readonly unknown[])[] {
  const [what = '', id = ''] = name.split(/:(.*)/s);
  switch (what) {
    case 'ticket':
      return [keys.ticket(id), keys.ticketsAll];
    case 'record':
      return [keys.record(id)];
    case 'views':
      return [keys.views];
    case 'mentions':
      return [keys.mentions, ['list', 'mentioned']];
    case 'approvals':
      return [keys.approvalsAll];
    case 'conversation':
      return [keys.conversation(id)];
    case 'articles':
      return [keys.articlesAll];
    case 'settings':
      return [keys.setting(id), ...(id === 'queue' ? [keys.queues] : []), ...(id === 'tag' ? [keys.tags] : []), ...(id === 'outage' ? [keys.outages] : []), ...(id === 'template' ? [keys.templates] : [])];
    default:
      return [];
  }
}
