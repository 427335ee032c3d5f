import { label, t } from '../i18n.svelte';
import { Problem } from './problem';

/** The sentence for a person: what went wrong, and what to do. The server's own words win where it gives them. */
export function sayProblem(cause: unknown): string {
  if (!(cause instanceof Problem)) return t('problem.broken');
  const known = label('problem', cause.code);
  if (known !== `problem.${cause.code}` && known !== cause.code) return known;
  return cause.detail || cause.message || t('problem.broken');
}
