import ind from '../locale/ind.json';

export type Key = keyof typeof ind;
export type Language = 'ind' | 'eng';
export type Params = Record<string, string | number>;
export type Catalogue = Record<Key, string>;

/** BCP 47 tags live only at the HTML and Intl edge; everywhere else languages are ISO 639-3. */
export const bcp47 = { ind: 'id', eng: 'en-GB' } as const satisfies Record<Language, string>;

const loaders: Record<Language, () => Promise<Catalogue>> = {
  ind: async () => ind,
  eng: async () => (await import('../locale/eng.json')).default,
};

let catalogue = $state.raw<Catalogue>(ind);
let current = $state<Language>('ind');

/** The language the screens speak now. */
export function language(): Language {
  return current;
}

/** Loads the catalogue, then switches, so no screen ever shows half of each. */
export async function speak(next: Language): Promise<void> {
  catalogue = await loaders[next]();
  current = next;
  if (typeof document !== 'undefined') document.documentElement.lang = bcp47[next];
}

/** The text of a key; `{name}` is replaced by params.name, and `one|many` is chosen by params.n. */
export function t(key: Key, params: Params = {}): string {
  return fill(catalogue[key], params, current);
}

/** The text of `prefix.code` for a code that came from the server, or the code itself when the catalogue has none yet. */
export function label(prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return key in catalogue ? fill(catalogue[key as Key], {}, current) : code;
}

export function fill(text: string, params: Params, lang: Language): string {
  const forms = text.split('|');
  const chosen = forms.length === 2 && typeof params['n'] === 'number' ? forms[params['n'] === 1 ? 0 : 1]! : text;
  return chosen.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? number(value, lang) : value;
  });
}

const formats = new Map<string, Intl.NumberFormat>();

/** A number as people write it in the language: 1.250 or 1,250. */
export function number(value: number, lang: Language = current, digits = 1): string {
  const id = `${lang}${digits}`;
  let format = formats.get(id);
  if (!format) formats.set(id, (format = new Intl.NumberFormat(bcp47[lang], { maximumFractionDigits: digits })));
  return format.format(value);
}

/** A fraction 0-1 as a percentage with one decimal; an absent denominator is "no data", never 0 %. */
export function percent(fraction: number | null | undefined): string {
  if (fraction === null || fraction === undefined) return '–';
  return `${number(Math.round(fraction * 1000) / 10)}%`;
}

/** Whole rupiah: Rp600.000 (Indonesian) or Rp600,000 (English). */
export function rupiah(whole: number): string {
  return `${whole < 0 ? '−' : ''}Rp${number(Math.abs(whole), current, 0)}`;
}
