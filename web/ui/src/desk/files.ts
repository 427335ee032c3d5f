import { number } from '$/lib/i18n.svelte';

/** Bytes as people read them: 812 B, 1,4 MB (binary steps). */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${number(bytes / 1024, undefined, 0)} KB`;
  return `${number(bytes / 1024 ** 2)} MB`;
}
