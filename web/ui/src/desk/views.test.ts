import { expect, test } from 'vitest';
import type { SavedView } from '$/lib/api/wire';
import { noFilter } from '$/lib/filter';
import { moved, shownBy } from './views';

const view = (id: string, list: string, tags: string[]): SavedView => ({ id, name: id, list, filter: { ...noFilter, tags }, scope: 'own', owner: { id: 's', name: 's' }, version: 1, may_change: true });

test('a view is shown when list and filter are its own', () => {
  const views = [view('a', 'all', ['t1']), view('b', 'mine', ['t1'])];
  expect(shownBy(views, 'mine', { ...noFilter, tags: ['t1'] })?.id).toBe('b');
  expect(shownBy(views, 'mine', noFilter)).toBeUndefined();
});

test('moving stops at the ends', () => {
  expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c']);
});
