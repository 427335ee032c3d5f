import type { Id, Measure } from '$/lib/api/wire';

/** Where on the wallboard a number stands; an empty place is the whole desk. */
export interface CasesPlace {
  kind?: string;
  /** An id, or 'none' for what is in no queue. */
  queue?: Id;
  staff?: Id;
  /** The name of the queue or of the agent, for the heading. */
  name?: string;
}

const parts = ['kind', 'queue', 'staff', 'name'] as const;

/** The address of the list of what a number counts. */
export function casesAddress(measure: Measure, place: CasesPlace): string {
  const query = new URLSearchParams({ measure });
  for (const part of parts) {
    const value = place[part];
    if (value) query.set(part, value);
  }
  return `/console/cases?${query}`;
}

export function placeIn(query: URLSearchParams): CasesPlace {
  return Object.fromEntries(parts.flatMap((part) => (query.get(part) ? [[part, query.get(part)!]] : [])));
}
