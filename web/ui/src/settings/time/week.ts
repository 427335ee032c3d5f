import type { HoursPeriod } from '$/lib/api/wire';

/** Monday first, as weeks are read here; 0 is Sunday, as the server counts. */
export const weekdays = [1, 2, 3, 4, 5, 6, 0] as const;

/** A stretch of a day as its two fields hold it: "08:00" to "20:00"; midnight at the end is "24:00" to the server and "00:00" in the field. */
export interface Stretch {
  opens: string;
  closes: string;
}

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60) % 24).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

function minutes(text: string): number {
  const [h = 0, m = 0] = text.split(':').map(Number);
  return h * 60 + m;
}

/** The stretches of each weekday, by its number. */
export function byDay(periods: readonly HoursPeriod[]): Stretch[][] {
  const days: Stretch[][] = Array.from({ length: 7 }, () => []);
  for (const one of periods) days[one.weekday]?.push({ opens: clock(one.opens), closes: clock(one.closes) });
  return days;
}

/** The same way back; a stretch that ends at 00:00 ends at midnight. */
export function periods(days: readonly (readonly Stretch[])[]): HoursPeriod[] {
  return days.flatMap((stretches, weekday) =>
    stretches.filter((one) => one.opens && one.closes).map((one) => ({ weekday, opens: minutes(one.opens), closes: one.closes === '00:00' ? 1440 : minutes(one.closes) })),
  );
}

/** "08.00-12.00, 13.00-17.00" of one day, '' when it is closed. */
export function said(stretches: readonly Stretch[]): string {
  return stretches.map((one) => `${one.opens}-${one.closes === '00:00' ? '24:00' : one.closes}`.replaceAll(':', '.')).join(', ');
}

/** Neighbouring days with the same hours as one: [[1, 5, "08.00-20.00"], [6, 0, ""]]. */
export function spans(list: readonly HoursPeriod[]): [number, number, string][] {
  const days = byDay(list);
  const found: [number, number, string][] = [];
  for (const day of weekdays) {
    const text = said(days[day] ?? []);
    const last = found.at(-1);
    if (last && last[2] === text) last[1] = day;
    else found.push([day, day, text]);
  }
  return found;
}
