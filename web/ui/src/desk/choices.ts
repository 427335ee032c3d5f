import { spoken } from '../settings/staff/roles';

/** The channels by which people write, as filters and limits name them. */
export const channels = ['webchat', 'whatsapp', 'sms', 'voice', 'telegram', 'email'] as const;

/** The languages in which people write. */
export const languages = ['ind', ...spoken] as const;
