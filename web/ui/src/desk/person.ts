import type { Person } from '$/lib/api/wire';
import { t } from '$/lib/i18n.svelte';

/**
 * The best name we have: the linked participant's, what the person calls themselves, or the masked address. Somebody of whom
 * nothing is known yet goes by a few characters that tell one such visitor from another.
 */
export function nameOf(person: Person): string {
  return person.participant?.name || person.name || person.address_masked || t('person.visitor', { mark: person.contact_id.slice(-4).toUpperCase() });
}

/** How sure we are of it: the link to a participant counts, not the address alone. */
export function sureness(person: Person): string {
  return person.participant?.confidence ?? 'unlinked';
}
