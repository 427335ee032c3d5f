import { speak, type Language } from './i18n.svelte';

export type Theme = 'system' | 'light' | 'dark';

interface Prefs {
  theme: Theme;
  language: Language;
  sound: boolean;
  listWidth: number;
  sideWidth: number;
  sideOpen: boolean;
  /** Notices of outages that were put away, as id:version. */
  away: string[];
}

const initial: Prefs = { theme: 'system', language: 'ind', sound: true, listWidth: 21.25, sideWidth: 22.5, sideOpen: true, away: [] };
const store = 'sapa.prefs';

function read(): Prefs {
  try {
    return { ...initial, ...(JSON.parse(localStorage.getItem(store) ?? '{}') as Partial<Prefs>) };
  } catch {
    return { ...initial };
  }
}

/** What this browser remembers of a person's taste; widths are in rem. Nothing of a citizen is ever kept here. */
export const prefs = $state<Prefs>(read());

/** Keeps prefs in the browser and applies theme and language to the page; called once by the app. */
export function keepPrefs(): void {
  $effect(() => {
    localStorage.setItem(store, JSON.stringify(prefs));
  });
  $effect(() => {
    document.documentElement.dataset['theme'] = prefs.theme;
  });
  $effect(() => {
    void speak(prefs.language);
  });
}
