import BadgeCheck from '@lucide/svelte/icons/badge-check';
import CalendarOff from '@lucide/svelte/icons/calendar-off';
import Clock from '@lucide/svelte/icons/clock';
import InboxIcon from '@lucide/svelte/icons/inbox';
import Inbox from '@lucide/svelte/icons/list-ordered';
import KeySquare from '@lucide/svelte/icons/key-square';
import MessageSquareText from '@lucide/svelte/icons/message-square-text';
import KeyRound from '@lucide/svelte/icons/key-round';
import TagIcon from '@lucide/svelte/icons/tag';
import User from '@lucide/svelte/icons/user';
import Megaphone from '@lucide/svelte/icons/megaphone';
import Star from '@lucide/svelte/icons/star';
import Users from '@lucide/svelte/icons/users';
import UsersRound from '@lucide/svelte/icons/users-round';
import WebhookIcon from '@lucide/svelte/icons/webhook';
import type { Component } from 'svelte';
import type { Key } from '$/lib/i18n.svelte';

/** One section of the settings: a row here, a screen in a folder of its own, and `settings.section.<name>` in both catalogues. */
export interface Section {
  /** The segment of its address. */
  name: string;
  label: Key;
  group: Key;
  icon: Component;
  /** The permission behind it; none for what every person has. */
  needs?: string;
  /** `id` is what the address names in it: '' for the list, 'new' for a new one. */
  load: () => Promise<{ default: Component<{ id: string }> }>;
}

const sections: Section[] = [
  { name: 'profile', label: 'settings.section.profile', group: 'settings.group.self', icon: User, load: () => import('./Profile.svelte') },
  { name: 'staff', label: 'settings.section.staff', group: 'settings.group.people', icon: Users, needs: 'staff.manage', load: () => import('./staff/Staff.svelte') },
  { name: 'roles', label: 'settings.section.roles', group: 'settings.group.people', icon: KeyRound, needs: 'staff.manage', load: () => import('./staff/Roles.svelte') },
  { name: 'teams', label: 'settings.section.teams', group: 'settings.group.people', icon: UsersRound, needs: 'settings.edit', load: () => import('./routing/Teams.svelte') },
  { name: 'skills', label: 'settings.section.skills', group: 'settings.group.routing', icon: BadgeCheck, needs: 'settings.edit', load: () => import('./routing/Skills.svelte') },
  { name: 'queues', label: 'settings.section.queues', group: 'settings.group.routing', icon: Inbox, needs: 'settings.edit', load: () => import('./routing/Queues.svelte') },
  { name: 'hours', label: 'settings.section.hours', group: 'settings.group.routing', icon: Clock, needs: 'settings.edit', load: () => import('./time/Hours.svelte') },
  { name: 'holidays', label: 'settings.section.holidays', group: 'settings.group.routing', icon: CalendarOff, needs: 'settings.edit', load: () => import('./time/Holidays.svelte') },
  { name: 'inboxes', label: 'settings.section.inboxes', group: 'settings.group.citizens', icon: InboxIcon, needs: 'settings.edit', load: () => import('./inboxes/Inboxes.svelte') },
  { name: 'csat', label: 'settings.section.csat', group: 'settings.group.citizens', icon: Star, needs: 'settings.edit', load: () => import('./csat/Csat.svelte') },
  { name: 'outages', label: 'settings.section.outages', group: 'settings.group.citizens', icon: Megaphone, needs: 'outage.tell', load: () => import('./outages/Outages.svelte') },
  { name: 'api-keys', label: 'settings.section.keys', group: 'settings.group.integration', icon: KeySquare, needs: 'settings.edit', load: () => import('./integration/Keys.svelte') },
  { name: 'webhooks', label: 'settings.section.webhooks', group: 'settings.group.integration', icon: WebhookIcon, needs: 'settings.edit', load: () => import('./integration/Webhooks.svelte') },
  { name: 'templates', label: 'settings.section.templates', group: 'settings.group.messages', icon: MessageSquareText, needs: 'settings.edit', load: () => import('./messages/Templates.svelte') },
  { name: 'tags', label: 'settings.section.tags', group: 'settings.group.cases', icon: TagIcon, needs: 'settings.edit', load: () => import('./cases/Tags.svelte') },
];

/** The sections that a person's permissions open. */
export function sectionsOf(permissions: readonly string[]): Section[] {
  return sections.filter((one) => !one.needs || permissions.includes(one.needs));
}
