import { Agent, Wall } from './agent.mjs';
import { Carrier } from './carrier.mjs';
import { Citizen } from './citizen.mjs';

/** Demonstration citizens whose troubles are the same in every demonstration database. */
export const WULANDARI = { name: 'Wulandari Kusumaningrum', phone: '+6282000000001', typed: '0820 0000 0001', born: '12 maret' };
export const AGUS = { name: 'Agus Tri Hartanto', phone: '+6282000000002', typed: '0820 0000 0002', born: '17 agustus' };
/** Shares a phone with her husband, and her transfer was returned. */
export const TUTIK = { name: 'Tutik Purwaningsih' };
export const YUSUF = { name: 'Yusuf Maulana Akbar', phone: '+6282000000006', typed: '0820 0000 0006', born: '9 juli' };

/** What a browser says when the console asks whether somebody is signed in and nobody is. */
const SIGNED_OUT = /401 \(Unauthorized\)/;

export const carrierOf = (stage) => new Carrier(stage.system.carrier);

export async function citizenOf(stage, name = 'citizen', options = { size: 'phone' }) {
  return new Citizen(await stage.person(name, options), stage.system.url);
}

/** Somebody of the staff, signed in; nth picks among several of one role. */
export async function staffOf(stage, role, { name = role, nth = 0, path, ...options } = {}) {
  const login = stage.system.logins.filter((one) => one.role === role)[nth];
  if (!login) throw new Error(`the demonstration has no login for ${role}; it has ${stage.system.logins.map((one) => one.role).join(', ')}`);
  const page = await stage.person(name, { forgives: SIGNED_OUT, login, ...options });
  const agent = new Agent(page, stage.system.url, login);
  await agent.signIn(path);
  return agent;
}

/**
 * Leaves nothing behind for the next journey, whatever became of this one: the agents' conversations are ended, nobody waits,
 * and the agents are off duty.
 */
export async function settle(stage) {
  for (const { context, login } of stage.people) {
    if (login?.role !== 'agent') continue;
    const api = `${stage.system.url}/api/v1`;
    const { csrf } = await (await context.request.get(`${api}/session`)).json();
    const post = (path, data) => context.request.post(api + path, { data: data ?? {}, headers: { 'X-CSRF-Token': csrf } });
    await context.request.put(`${api}/me/presence`, { data: { state: 'available' }, headers: { 'X-CSRF-Token': csrf } });
    for (const list of ['mine', 'unassigned']) {
      const { items } = await (await context.request.get(`${api}/conversations?list=${list}`)).json();
      for (const { id, state } of items) {
        if (state === 'queued') await post(`/conversations/${id}/claim`);
        if (state !== 'wrap_up') await post(`/conversations/${id}/end`, { outcome: 'answered' });
        await post(`/conversations/${id}/wrap-up/done`);
      }
    }
    await context.request.put(`${api}/me/presence`, { data: { state: 'offline' }, headers: { 'X-CSRF-Token': csrf } });
  }
}

export async function wallOf(stage, role = 'supervisor', options = {}) {
  const reader = await staffOf(stage, role, { name: 'wallboard', path: '/wallboard', size: 'wall', ...options });
  await reader.page.locator('.headline').waitFor();
  return new Wall(reader.page);
}
