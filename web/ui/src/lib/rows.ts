import type { ConversationRow, ListName, Page } from './api/wire';

type Order = (a: ConversationRow, b: ConversationRow) => number;

const newest: Order = (a, b) => Date.parse(b.last_at) - Date.parse(a.last_at);
const longest: Order = (a, b) => Date.parse(a.waiting_since ?? a.last_at) - Date.parse(b.waiting_since ?? b.last_at);

/** People who wait are served longest first; everything else shows the latest on top. */
export function orderOf(list: ListName): Order {
  return list === 'waiting' || list === 'unassigned' ? longest : newest;
}

/** Puts a live row into the loaded pages of a list, or takes it out; rows past the loaded end stay unloaded. */
export function patchPages(pages: readonly Page<ConversationRow>[], list: ListName, row: ConversationRow, belongs: boolean): Page<ConversationRow>[] {
  const order = orderOf(list);
  const out = pages.map((page) => ({ ...page, items: page.items.filter((one) => one.id !== row.id) }));
  if (!belongs || out.length === 0) return out;
  for (const [i, page] of out.entries()) {
    const at = page.items.findIndex((one) => order(row, one) < 0);
    const last = i === out.length - 1;
    if (at >= 0) page.items.splice(at, 0, row);
    else if (last && page.next === null) page.items.push(row);
    else continue;
    break;
  }
  return out;
}

/** The row after (1) or before (-1) the chosen one; with none chosen, the first. Stops at the ends. */
export function step<T extends { id: string }>(rows: readonly T[], chosen: string | null, by: 1 | -1): T | null {
  if (rows.length === 0) return null;
  const at = rows.findIndex((row) => row.id === chosen);
  if (at < 0) return rows[0]!;
  return rows[Math.min(rows.length - 1, Math.max(0, at + by))]!;
}
