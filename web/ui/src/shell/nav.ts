import AtSign from '@lucide/svelte/icons/at-sign';
import BookOpen from '@lucide/svelte/icons/book-open';
import ChartColumn from '@lucide/svelte/icons/chart-column';
import Inbox from '@lucide/svelte/icons/inbox';
import MailWarning from '@lucide/svelte/icons/mail-warning';
import Monitor from '@lucide/svelte/icons/monitor';
import Search from '@lucide/svelte/icons/search';
import Settings from '@lucide/svelte/icons/settings';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Ticket from '@lucide/svelte/icons/ticket';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';
import type { Key } from '$/lib/i18n.svelte';
import type { Route } from '$/lib/router.svelte';

export interface Door {
  name: string;
  to: string;
  label: Key;
  icon: Component;
  /** The permission behind the door; none for what every person has. */
  needs?: string;
}

const doors: Door[] = [
  { name: 'inbox', to: '/console/inbox', label: 'nav.inbox', icon: Inbox, needs: 'conversation.read' },
  { name: 'mentions', to: '/console/mentions', label: 'nav.mentions', icon: AtSign, needs: 'conversation.read' },
  { name: 'search', to: '/console/search', label: 'nav.search', icon: Search, needs: 'conversation.read' },
  { name: 'tickets', to: '/console/tickets', label: 'nav.tickets', icon: Ticket, needs: 'ticket.read' },
  { name: 'people', to: '/console/people', label: 'nav.people', icon: Users, needs: 'people.search' },
  { name: 'knowledge', to: '/console/knowledge', label: 'nav.knowledge', icon: BookOpen, needs: 'kb.read' },
  { name: 'approvals', to: '/console/approvals', label: 'nav.approvals', icon: ShieldCheck, needs: 'approval.read' },
  { name: 'failed', to: '/console/failed', label: 'nav.failed', icon: MailWarning, needs: 'outbox.read' },
  { name: 'wallboard', to: '/wallboard', label: 'nav.wallboard', icon: Monitor, needs: 'wallboard.read' },
  { name: 'reports', to: '/console/reports', label: 'nav.reports', icon: ChartColumn, needs: 'report.read' },
  { name: 'settings', to: '/console/settings', label: 'nav.settings', icon: Settings },
];

/** What the rail offers; the server decides, this only spares people doors that would not open. */
export function doorsOf(permissions: readonly string[]): Door[] {
  return doors.filter((door) => !door.needs || permissions.includes(door.needs));
}

const inbox = () => import('../desk/Inbox.svelte');
const tickets = () => import('../tickets/Tickets.svelte');
const people = () => import('../people/People.svelte');
const knowledge = () => import('../kb/Knowledge.svelte');
const settings = () => import('../settings/Settings.svelte');
const approvals = () => import('../approvals/Approvals.svelte');

export const routes: Route[] = [
  { name: 'inbox', path: '/console/inbox', load: inbox },
  { name: 'inbox', path: '/console/inbox/:id', load: inbox },
  { name: 'mentions', path: '/console/mentions', load: () => import('../mentions/Mentions.svelte') },
  { name: 'search', path: '/console/search', load: () => import('../search/Search.svelte') },
  { name: 'tickets', path: '/console/tickets', load: tickets },
  { name: 'tickets', path: '/console/tickets/:id', load: tickets },
  { name: 'people', path: '/console/people', load: people },
  { name: 'people', path: '/console/people/:id', load: people },
  { name: 'knowledge', path: '/console/knowledge', load: knowledge },
  { name: 'knowledge', path: '/console/knowledge/:id', load: knowledge },
  { name: 'approvals', path: '/console/approvals', load: approvals },
  { name: 'approvals', path: '/console/approvals/:id', load: approvals },
  { name: 'failed', path: '/console/failed', load: () => import('../failed/Failed.svelte') },
  { name: 'reports', path: '/console/reports', load: () => import('../reports/Reports.svelte') },
  { name: 'cases', path: '/console/cases', load: () => import('../cases/Cases.svelte') },
  { name: 'settings', path: '/console/settings', load: settings },
  { name: 'settings', path: '/console/settings/:section', load: settings },
  { name: 'settings', path: '/console/settings/:section/:id', load: settings },
];
