import type { Id, ListName, SavedView } from '$/lib/api/wire';
import { filterQuery, type ListFilter } from '$/lib/filter';

/** The view that shows just this list narrowed so, if one does: the address says what is shown, not which view led there. */
export function shownBy(views: readonly SavedView[], list: ListName, filter: ListFilter): SavedView | undefined {
  const now = JSON.stringify(filterQuery(filter));
  return views.find((view) => view.list === list && JSON.stringify(filterQuery(view.filter)) === now);
}

/** The ids in their order after one went up (-1) or down (1); unchanged at the ends. */
export function moved(ids: readonly Id[], id: Id, by: 1 | -1): Id[] {
  const at = ids.indexOf(id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= ids.length) return [...ids];
  const next = ids.filter((one) => one !== id);
  next.splice(to, 0, id);
  return next;
}
