import type { Component } from 'svelte';

export type RouteParams = Record<string, string>;
type Screen = Component<{ params: RouteParams }>;

export interface Route {
  name: string;
  /** "/console/inbox/:id": a part that starts with a colon takes one segment. */
  path: string;
  load: () => Promise<{ default: Screen }>;
}

export interface Place {
  path: string;
  query: URLSearchParams;
}

const first = typeof location === 'undefined' ? new URL('http://x/') : new URL(location.href);
let place = $state.raw<Place>({ path: first.pathname, query: first.searchParams });

/** Where the browser is now. */
export function here(): Place {
  return place;
}

/** Goes to an address of the app without a page load. */
export function go(to: string, how: 'push' | 'replace' = 'push'): void {
  const url = new URL(to, location.href);
  if (url.href !== location.href) history[how === 'push' ? 'pushState' : 'replaceState'](null, '', url);
  place = { path: url.pathname, query: url.searchParams };
}

/** Follows Back, Forward and plain clicks on links of the app; called once. */
export function follow(owns: (path: string) => boolean): () => void {
  const onPop = (): void => go(location.href, 'replace');
  const onClick = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || !owns(link.pathname)) return;
    event.preventDefault();
    go(link.href);
  };
  window.addEventListener('popstate', onPop);
  document.addEventListener('click', onClick);
  return () => {
    window.removeEventListener('popstate', onPop);
    document.removeEventListener('click', onClick);
  };
}

/** The first route whose path fits, with its parameters. */
export function match(routes: readonly Route[], path: string): { route: Route; params: RouteParams } | null {
  const parts = split(path);
  for (const route of routes) {
    const params = fits(split(route.path), parts);
    if (params) return { route, params };
  }
  return null;
}

function split(path: string): string[] {
  return path.split('/').filter(Boolean);
}

function fits(pattern: string[], parts: string[]): RouteParams | null {
  if (pattern.length !== parts.length) return null;
  const params: RouteParams = {};
  for (const [i, piece] of pattern.entries()) {
    const part = parts[i]!;
    if (piece.startsWith(':')) params[piece.slice(1)] = decodeURIComponent(part);
    else if (piece !== part) return null;
  }
  return params;
}
