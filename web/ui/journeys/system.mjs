import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finish, freePort, start, stop } from './process.mjs';
import { emptyRedis, makeDatabase } from './store.mjs';
import { until } from './until.mjs';

const ACCOUNT = { sid: 'AC0000000000000000000000000000000a', token: 'penggantiuntukujian' };

/** The whole desk as people run it: keys, tables, demonstration data, server with worker, and the stand-in for providers. */
export async function startSystem({ bin, databaseServer, redisServer, logs }) {
  const folder = mkdtempSync(join(tmpdir(), 'sapa-journeys-'));
  const undo = [() => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const act of undo.reverse()) await act();
  };
  try {
    const database = await makeDatabase(databaseServer);
    undo.push(database.drop);
    const redis = await emptyRedis(redisServer);
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const base = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SAPA|CARRIER)_/.test(name)));
    const carrierSettings = {
      ...base,
      CARRIER_LISTEN: '127.0.0.1:0', CARRIER_TARGET: url, CARRIER_PEOPLE: join(folder, 'people.json'),
      CARRIER_ACCOUNT_SID: ACCOUNT.sid, CARRIER_AUTH_TOKEN: ACCOUNT.token, CARRIER_READ: 'view',
    };
    const carrierLog = join(logs, 'carrier.log');
    const carrier = start(join(bin, 'carrier'), [], { env: carrierSettings, log: carrierLog });
    undo.push(() => stop(carrier));
    const carrierURL = await alive(carrier, carrierLog, () => /listening on (http:\S+)/.exec(readFileSync(carrierLog, 'utf8'))?.[1]);

    for (const name of ['blobs', 'spool']) mkdirSync(join(folder, name), { mode: 0o700 });
    const env = {
      ...base,
      SAPA_DATABASE_URL: database.url, SAPA_REDIS_URL: redis, SAPA_KEYSET: join(folder, 'keyset.json'),
      SAPA_LISTEN: `127.0.0.1:${port}`, SAPA_PUBLIC_URL: url, SAPA_FILES_URL: `http://127.0.0.1:${port}`,
      SAPA_BLOB_URL: `file://${join(folder, 'blobs')}`, SAPA_SPOOL_DIR: join(folder, 'spool'),
      SAPA_SECOND_FACTOR: 'none', SAPA_WHATSAPP: '+628001503001', SAPA_PHONE: '+628001503001',
      SAPA_CARRIER_URL: carrierURL, SAPA_DEMO_ACCOUNT_SID: ACCOUNT.sid, SAPA_DEMO_AUTH_TOKEN: ACCOUNT.token,
      CARRIER_PEOPLE: join(folder, 'people.json'),
    };
    const sapa = (...args) => finish(join(bin, 'sapa'), args, { env, log: join(logs, `${args[0]}.log`) });
    const logins = join(folder, 'logins.txt');
    await sapa('keys', 'new', '--if-missing', env.SAPA_KEYSET);
    await sapa('migrate');
    await sapa('demo', '--logins', logins);
    const serveLog = join(logs, 'serve.log');
    const desk = start(join(bin, 'sapa'), ['serve'], { env, log: serveLog });
    undo.push(() => stop(desk, 30));
    await alive(desk, serveLog, async () => (await fetch(`${url}/readyz`)).ok);
    return { url, carrier: carrierURL, logins: readLogins(readFileSync(logins, 'utf8')), folder, close };
  } catch (cause) {
    await close();
    throw cause;
  }
}

/** Waits for a sign of life, and for no longer than the program lives. */
async function alive(child, log, ask) {
  const ended = child.ended.then((code) => {
    throw new Error(`the program ended with ${code} before it was ready; see ${log}`);
  });
  return Promise.race([ended, until(`a ready program (${log})`, ask, { within: 60_000 })]);
}

/** Logins as `sapa demo` writes them: role, name, e-mail and password, at least two spaces apart. */
function readLogins(text) {
  return text.split('\n').flatMap((line) => {
    const [role, name, email, password] = line.trim().split(/ {2,}/);
    return email?.includes('@') ? [{ role, name, email, password }] : [];
  });
}
