import { expect, test } from 'vitest';
import { match, type Route } from './router.svelte';

const load = (): never => {
  throw new Error('not loaded here');
};
const routes: Route[] = [
  { name: 'list', path: '/console/inbox', load },
  { name: 'one', path: '/console/inbox/:id', load },
];

const rows = [
  { path: '/console/inbox', name: 'list', params: {} },
  { path: '/console/inbox/', name: 'list', params: {} },
  { path: '/console/inbox/a%20b', name: 'one', params: { id: 'a b' } },
];
test.each(rows)('$path', ({ path, name, params }) => {
  const found = match(routes, path);
  expect(found?.route.name).toBe(name);
  expect(found?.params).toEqual(params);
});
test.each(['/console', '/console/inbox/a/b', '/'])('%s fits nothing', (path) => expect(match(routes, path)).toBeNull());
