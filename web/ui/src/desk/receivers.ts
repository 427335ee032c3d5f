import type { QueueRow, StaffRow } from '$/lib/api/wire';

/** Lower is better: whoever takes work now, has free hands and speaks the citizen's language comes first, then the least loaded. */
export function fitness(one: StaffRow, language: string): number {
  const { state, load, capacity } = one.presence;
  const away = state === 'break' || state === 'offline' ? 8 : 0;
  const full = load >= capacity ? 4 : 0;
  const foreign = language === 'ind' || one.languages.includes(language) ? 0 : 2;
  return away + full + foreign + (capacity > 0 ? Math.min(1, load / capacity) : 1);
}

/** The units behind the queues: what waits in all of a unit's queues, and its people once. */
export function unitsOf(queues: readonly QueueRow[]): { id: string; name: string; waiting: number; available: number }[] {
  const units = new Map<string, { id: string; name: string; waiting: number; available: number }>();
  for (const { unit, waiting, available } of queues) {
    const one = units.get(unit.id) ?? { ...unit, waiting: 0, available: 0 };
    units.set(unit.id, { ...one, waiting: one.waiting + waiting, available: Math.max(one.available, available) });
  }
  return [...units.values()].sort((a, b) => a.name.localeCompare(b.name));
}
