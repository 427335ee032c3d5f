import type { Person } from '$/lib/api/wire';

/** The best name we have: the linked participant's, what the person calls themselves, or the masked address. */
export function nameOf(person: Person): string {
  return person.participant?.name || person.name || person.address_masked;
}

/** How sure we are of it: the link to a participant counts, not the address alone. */
export function sureness(person: Person): string {
  return person.participant?.confidence ?? 'unlinked';
}
