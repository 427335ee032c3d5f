import { createQuery } from '@tanstack/svelte-query';
import { ask } from '$/lib/queries';
import { answers, worthAsking } from './found';

/** Asks the server for what is typed, once the typing pauses; the answer shown is always to what stands in the field. */
export function seek(typed: () => string) {
  let term = $state('');
  $effect(() => {
    const next = typed().trim();
    const timer = setTimeout(() => (term = next), 200);
    return () => clearTimeout(timer);
  });
  const query = createQuery(() => ({ ...ask.search(term), enabled: worthAsking(term) }));
  const wanted = $derived(worthAsking(typed()));
  const current = $derived(answers(term, typed()));
  return {
    /** Whether enough is typed to search. */
    get wanted() {
      return wanted;
    },
    get found() {
      return current ? query.data : undefined;
    },
    get fault() {
      return current && query.isError ? query.error : null;
    },
    get busy() {
      return wanted && (!current || query.isFetching);
    },
    again: () => void query.refetch(),
  };
}
