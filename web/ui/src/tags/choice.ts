import type { Id, Tag } from '$/lib/api/wire';

/** What a case gets and loses when the chosen tags are those of now. */
export function differ(before: readonly Id[], now: readonly Id[]): { add: Id[]; remove: Id[] } {
  return { add: now.filter((id) => !before.includes(id)), remove: before.filter((id) => !now.includes(id)) };
}

/** The tags to choose from: those in use, and those on the case that have been closed since; narrowed to what is typed. */
export function offered(all: readonly Tag[], on: readonly Tag[], typed: string): Tag[] {
  const closed = on.filter((tag) => !all.some((one) => one.id === tag.id));
  const word = typed.trim().toLowerCase();
  return [...all, ...closed].filter((tag) => tag.name.toLowerCase().includes(word));
}
