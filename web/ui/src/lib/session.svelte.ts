import { get, onSignedOut, post, put, remove, setCsrf } from './api/client';
import { Problem } from './api/problem';
import type { Me, Presence, Session, SignIn } from './api/wire';
import { cache } from './cache';
import { prefs } from './prefs.svelte';

type State = 'unknown' | 'out' | 'in';

/** Who sits here. `me` is set exactly while `state` is 'in'. */
export const session = $state<{ state: State; me: Me | null; fault: unknown }>({ state: 'unknown', me: null, fault: null });

onSignedOut(() => leave());

/** Asks the server whether the cookie still stands for somebody. */
export async function resume(): Promise<void> {
  session.fault = null;
  try {
    enter(await get<Session>('/session'));
  } catch (cause) {
    if (cause instanceof Problem && cause.status === 401) leave();
    else session.fault = cause;
  }
}

/** First step; 'totp' means that the six digits are still missing. */
export async function signIn(email: string, password: string): Promise<'ok' | 'totp'> {
  const answer = await post<SignIn>('/session', { email, password });
  setCsrf(answer.csrf);
  if (answer.state === 'ok' && answer.me) enter({ csrf: answer.csrf, me: answer.me });
  return answer.state;
}

/** Sets the password of a link; 'totp' means that the six digits are still missing. */
export async function signInByLink(token: string, password: string): Promise<'ok' | 'totp'> {
  const answer = await post<SignIn>('/links/use', { token, password });
  setCsrf(answer.csrf);
  if (answer.state === 'ok' && answer.me) enter({ csrf: answer.csrf, me: answer.me });
  return answer.state;
}

export async function signInCode(code: string): Promise<void> {
  enter(await post<Session>('/session/totp', { code }));
}

export async function signOut(): Promise<void> {
  await remove('/session').catch(() => undefined);
  leave();
}

export function may(permission: string): boolean {
  return session.me?.permissions.includes(permission) ?? false;
}

export async function setPresence(state: 'available' | 'break' | 'offline', reason?: string): Promise<void> {
  const presence = await put<Presence>('/me/presence', reason ? { state, reason } : { state });
  if (session.me) session.me.presence = presence;
}

function enter(next: Session): void {
  setCsrf(next.csrf);
  session.me = next.me;
  session.state = 'in';
  prefs.language = next.me.language;
  prefs.theme = next.me.theme;
}

/** Forgets everything the last person saw. */
function leave(): void {
  setCsrf('');
  session.state = 'out';
  session.me = null;
  cache.clear();
}
