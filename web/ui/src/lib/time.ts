import { bcp47, type Language } from './i18n.svelte';

const zone = 'Asia/Jakarta';
const cache = new Map<string, Intl.DateTimeFormat>();

function format(lang: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${lang}.${name}`;
  let found = cache.get(id);
  if (!found) cache.set(id, (found = new Intl.DateTimeFormat(bcp47[lang], { timeZone: zone, ...options })));
  return found;
}

/** "08.00" in Indonesian, "08:00" in English, always desk time. */
export function hour(at: Date, lang: Language): string {
  return format(lang, 'hour', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** "14 Maret 2026". */
export function day(at: Date, lang: Language): string {
  return format(lang, 'day', { day: 'numeric', month: 'long', year: 'numeric' }).format(at);
}

/** "14 Mar". */
export function shortDay(at: Date, lang: Language): string {
  return format(lang, 'short', { day: 'numeric', month: 'short' }).format(at);
}

/** "14 Mar 2026, 08.00 WIB": for anything that may be quoted outside the screen. */
export function moment(at: Date, lang: Language): string {
  const date = format(lang, 'moment', { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
  return `${date}, ${hour(at, lang)} WIB`;
}

/** The calendar day in desk time as YYYY-MM-DD; two instants share a day separator when these are equal. */
export function dayKey(at: Date): string {
  return keyed.format(at);
}

const keyed = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });

/** How many desk-time calendar days `at` lies before `now`: 0 today, 1 yesterday. */
export function daysBefore(at: Date, now: Date): number {
  return Math.round((Date.parse(dayKey(now)) - Date.parse(dayKey(at))) / 86_400_000);
}

const units = {
  ind: { s: ' dtk', m: ' mnt', h: ' jam', d: ' hari' },
  eng: { s: 's', m: 'm', h: 'h', d: 'd' },
} as const;

/** The largest unit only, for list rows: "12 dtk" / "12s", "3 mnt" / "3m", "2 jam" / "2h", "5 hari" / "5d". Milliseconds in. */
export function short(ms: number, lang: Language): string {
  const u = units[lang];
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s}${u.s}`;
  if (s < 3600) return `${Math.floor(s / 60)}${u.m}`;
  if (s < 86_400) return `${Math.floor(s / 3600)}${u.h}`;
  return `${Math.floor(s / 86_400)}${u.d}`;
}

const words = {
  ind: { s: 'detik', m: 'menit', h: 'jam', d: 'hari' },
  eng: { s: 'seconds', m: 'minutes', h: 'hours', d: 'days' },
} as const;

/** The same in whole words, for sentences and screen readers: "3 menit", "2 hours". */
export function long(ms: number, lang: Language): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const [n, unit] = s < 60 ? ([s, 's'] as const) : s < 3600 ? ([Math.floor(s / 60), 'm'] as const) : s < 86_400 ? ([Math.floor(s / 3600), 'h'] as const) : ([Math.floor(s / 86_400), 'd'] as const);
  const word: string = words[lang][unit];
  return `${n} ${lang === 'eng' && n === 1 ? word.slice(0, -1) : word}`;
}

/** A running clock: "0:07", "12:40", "3:05:09". */
export function clock(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60)];
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** What a datetime-local field holds, read as desk time (WIB, UTC+7 all year); undefined when it is empty or no time. */
export function fromField(value: string): string | undefined {
  const at = new Date(`${value}:00+07:00`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** The same way back: "2026-11-24T08:00". */
export function toField(at: Date): string {
  return new Date(at.getTime() + 7 * 3_600_000).toISOString().slice(0, 16);
}
