import { infiniteQueryOptions, queryOptions } from '@tanstack/svelte-query';
import { get, post } from './api/client';
import type * as w from './api/wire';
import { keys } from './cache';
import { type ListFilter, filterQuery } from './filter';
import { loadThread } from './messages';

/** How each thing on screen is asked for: one entry per entity, its key beside its address. */
const pages = <T, P extends w.Page<T> = w.Page<T>>(queryKey: readonly unknown[], path: string, query: Record<string, string> = {}) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => get<P>(path, { ...query, cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: P) => last.next,
  });

const one = <T>(queryKey: readonly unknown[], path: string, query: Record<string, string> = {}) =>
  queryOptions({ queryKey, queryFn: ({ signal }) => get<T>(path, query, signal) });

export const ask = {
  counts: () => one<w.Counts>(keys.counts, '/conversations/counts'),
  list: (name: w.ListName, filter: ListFilter) => pages<w.ConversationRow>(keys.list(name, filter), '/conversations', { list: name, ...filterQuery(filter) }),
  tags: () => one<w.Items<w.Tag>>(keys.tags, '/tags'),
  conversation: (id: w.Id) => one<w.Conversation>(keys.conversation(id), `/conversations/${id}`),
  thread: (id: w.Id) => queryOptions({ queryKey: keys.messages(id), queryFn: ({ signal }) => loadThread(id, signal) }),
  views: () => one<w.Items<w.SavedView>>(keys.views, '/views'),
  mentions: () => pages<w.Mention>(keys.mentionList, '/mentions'),
  mentionCount: () => one<w.Unread>(keys.mentionCount, '/mentions/unread'),
  colleagues: (id: w.Id) => one<w.Items<w.Named>>(keys.colleagues(id), `/conversations/${id}/colleagues`),
  suggestions: (id: w.Id) => one<w.Suggestions>(keys.suggestions(id), `/conversations/${id}/suggestions`),
  history: (id: w.Id) => one<w.History>(keys.history(id), `/conversations/${id}/history`),
  conversationRecord: (id: w.Id) => one<w.ParticipantRecord>(keys.conversationRecord(id), `/conversations/${id}/record`),
  macros: (id: w.Id, q: string) => one<w.Items<w.Macro>>(keys.macros(id, q), '/macros', { conversation_id: id, q }),
  failed: () => pages<w.FailedMessage>(keys.failed, '/outbox/failed'),
  templates: () => one<w.Items<w.Template>>(keys.templates, '/templates'),
  outreach: (contact: w.Id, participant: w.Id) =>
    one<w.OutreachOptions>(keys.outreach(contact, participant), '/outreach', { ...(contact ? { contact_id: contact } : {}), ...(participant ? { participant_id: participant } : {}) }),
  reach: (inbox: w.Id, point: w.Id) => ({ ...one<w.Reach>(keys.reach(inbox, point), '/outreach/reach', { inbox_id: inbox, point_id: point }), staleTime: 0 }),
  snoozeChoices: () => one<w.Items<w.SnoozeChoice>>(keys.snoozeChoices, '/snooze-choices'),
  reasons: () => one<w.Items<w.Reason>>(keys.reasons, '/presence/reasons'),
  /** By POST: a name or number typed here must not end up in addresses and logs. */
  people: (q: string) => queryOptions({ queryKey: keys.people(q), queryFn: () => post<w.Items<w.ParticipantRow>>('/participants/search', { q }) }),
  /** By POST as people are, and never aborted: PostgreSQL logs a statement that is cancelled. Kept for a minute only. */
  search: (q: string) => queryOptions({ queryKey: keys.search(q), queryFn: () => post<w.Found>('/search', { q }), staleTime: 10_000, gcTime: 60_000 }),
  record: (id: w.Id, reason: string) => one<w.ParticipantRecord>(keys.record(id), `/participants/${id}`, { reason }),
  access: (id: w.Id) => one<w.Items<w.AccessLine>>(keys.access(id), `/participants/${id}/access`),
  approvals: (state: string) => pages<w.ApprovalRow>(keys.approvals(state), '/approvals', { state }),
  approval: (id: w.Id) => one<w.ApprovalRow>(keys.approval(id), `/approvals/${id}`),
  tickets: (list: string, q: string, tag: w.Id) => pages<w.TicketRow>(keys.tickets(list, q, tag), '/tickets', { list, q, ...(tag && { tag }) }),
  duplicates: (id: w.Id, category: string) => one<w.Items<w.TicketRow>>(keys.duplicates(id, category), `/conversations/${id}/duplicates`, { category }),
  ticket: (id: w.Id) => one<w.Ticket>(keys.ticket(id), `/tickets/${id}`),
  categories: () => one<w.Items<w.Category>>(keys.categories, '/categories'),
  codes: () => one<w.Codes>(keys.codes, '/codes'),
  staff: (q: string) => one<w.Items<w.StaffRow>>(keys.staff(q), '/staff', { q }),
  queues: () => one<w.Items<w.QueueRow>>(keys.queues, '/queues'),
  articles: (q: string) => one<w.Items<w.ArticleHit>>(keys.articles(q), '/articles', { q }),
  article: (id: w.Id) => one<w.Article>(keys.article(id), `/articles/${id}`),
  report: (query: Record<string, string>) => one<w.Report>(keys.report(new URLSearchParams(query).toString()), '/reports', query),
  staffSettings: (q: string, role: string, team: string, state: string) => one<w.Items<w.StaffSetting>>(keys.staffSettings(q, role, team, state), '/settings/staff', { q, role, team, state }),
  staffSetting: (id: w.Id) => one<w.StaffSetting>(keys.staffSetting(id), `/settings/staff/${id}`),
  roles: () => one<w.Items<w.RoleRights>>(keys.setting('roles'), '/settings/roles'),
  teamSettings: () => one<w.Items<w.TeamSetting>>(keys.setting('team'), '/settings/teams'),
  skillSettings: () => one<w.Items<w.SkillSetting>>(keys.setting('skill'), '/settings/skills'),
  queueSettings: () => one<w.Items<w.QueueSetting>>(keys.setting('queue'), '/settings/queues'),
  hoursSettings: () => one<w.Items<w.HoursSetting>>(keys.setting('hours'), '/settings/hours'),
  holidaySettings: (year: number) => one<w.HolidaySettings>(keys.holidaySettings(year), `/settings/holidays/${year}`),
  csatSetting: () => one<w.CSATSetting>(keys.setting('csat'), '/settings/csat'),
  outages: () => one<w.Items<w.OutageNotice>>(keys.outages, '/outages'),
  outageSettings: () => one<w.Items<w.OutageSetting>>(keys.setting('outage'), '/settings/outages'),
  apiKeys: () => one<w.ApiKeys>(keys.setting('api_key'), '/settings/api-keys'),
  webhooks: () => one<w.Webhooks>(keys.setting('webhook'), '/settings/webhooks'),
  deliveries: (id: w.Id, state: string) => one<w.Items<w.WebhookDelivery>>(keys.deliveries(id, state), `/settings/webhooks/${id}/deliveries`, { state }),
  inboxSettings: () => one<w.InboxSettings>(keys.setting('inbox'), '/settings/inboxes'),
  templateSettings: () => one<w.Items<w.TemplateSetting>>(keys.setting('template'), '/settings/templates'),
  tagSettings: () => one<w.Items<w.TagSetting>>(keys.setting('tag'), '/settings/tags'),
  settingHistory: (object: string, id: string) => one<w.Items<w.SettingChange>>(keys.settingHistory(object, id), `/settings/history/${object}`, { id }),
  wallboard: () => one<w.Wallboard>(keys.wallboard, '/wallboard'),
  formulas: () => ({ ...one<w.Items<w.Formula>>(keys.formulas, '/wallboard/formulas'), staleTime: Infinity }),
  cases: (measure: w.Measure, { kind = '', queue = '', staff = '' }: { kind?: string; queue?: w.Id; staff?: w.Id }) =>
    pages<w.Case, w.Cases>(keys.cases(measure, kind, queue, staff), '/wallboard/cases', { measure, kind, queue, staff_id: staff }),
};
