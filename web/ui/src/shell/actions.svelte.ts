import { untrack } from 'svelte';
import type { Command } from '$/parts/CommandPalette.svelte';

const offers = $state<{ of: () => Command[] }[]>([]);

/** A screen adds what can be done on it now to the command palette, until the returned function is called. */
export function offerCommands(of: () => Command[]): () => void {
  const offer = { of };
  untrack(() => offers.push(offer));
  return () => {
    const at = untrack(() => offers.findIndex((one) => one.of === of));
    if (at >= 0) offers.splice(at, 1);
  };
}

/** The commands of the screens now open, the newest screen first. */
export function screenCommands(): Command[] {
  return [...offers].reverse().flatMap((offer) => offer.of());
}
