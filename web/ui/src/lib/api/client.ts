import { language, bcp47 } from '../i18n.svelte';
import { learn } from '../now.svelte';
import { offline, Problem, problemOf } from './problem';

type Query = Record<string, string | number | undefined | null>;

interface Wiring {
  fetch: typeof fetch;
  onSignedOut: () => void;
}

const wiring: Wiring = { fetch: (...args) => fetch(...args), onSignedOut: () => {} };
let csrf = '';

/** The token that state-changing calls carry; the server gives it with the session. */
export function setCsrf(token: string): void {
  csrf = token;
}

/** What happens when the server says that the session is over. */
export function onSignedOut(run: () => void): void {
  wiring.onSignedOut = run;
}

export const get = <T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> => call<T>('GET', path + search(query), undefined, signal);
export const post = <T = void>(path: string, body: unknown = {}): Promise<T> => call<T>('POST', path, body);
export const put = <T = void>(path: string, body: unknown = {}): Promise<T> => call<T>('PUT', path, body);
export const patch = <T = void>(path: string, body: unknown = {}): Promise<T> => call<T>('PATCH', path, body);
export const remove = <T = void>(path: string): Promise<T> => call<T>('DELETE', path);

function search(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': bcp47[language()] };
  if (method !== 'GET') {
    headers['X-CSRF-Token'] = csrf;
    headers['Content-Type'] = 'application/json';
  }
  let answer: Response;
  try {
    answer = await wiring.fetch(`/api/v1${path}`, {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw offline();
  }
  const date = answer.headers.get('Date');
  if (date) learn(new Date(date));
  return (await settle(answer, path)) as T;
}

async function settle(answer: Response, path: string): Promise<unknown> {
  const body: unknown = answer.status === 204 ? undefined : await answer.json().catch(() => undefined);
  if (answer.ok) return body;
  if (answer.status === 401 && !path.startsWith('/session')) wiring.onSignedOut();
  throw problemOf(answer.status, body);
}

/** Sends one file with progress (0-1), which fetch cannot report. */
export function upload<T>(path: string, form: FormData, onProgress: (part: number) => void, signal?: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1${path}`);
    request.responseType = 'json';
    request.setRequestHeader('X-CSRF-Token', csrf);
    request.setRequestHeader('Accept-Language', bcp47[language()]);
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as T);
      else reject(problemOf(request.status, request.response));
    };
    request.onerror = () => reject(offline());
    request.onabort = () => reject(new Problem(0, 'aborted', 'aborted'));
    signal?.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}
