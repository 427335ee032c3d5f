import { connect } from 'node:net';
import pg from 'pg';

const PREFIX = 'sapa_journeys_';

/** A new, empty database on the server of this address; drop removes it. What runs that were cut off left behind goes first. */
export async function makeDatabase(server) {
  const name = `${PREFIX}${process.pid}_${Date.now().toString(36)}`;
  await ask(server, async (client) => {
    const { rows } = await client.query(
      `SELECT datname FROM pg_database d WHERE starts_with(datname, $1)
         AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)`, [PREFIX]);
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS "${datname}"`);
    await client.query(`CREATE DATABASE "${name}"`);
  });
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => ask(server, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)) };
}

async function ask(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** The highest of the sixteen that a Redis has by itself: tests of other kinds use the first. */
const NUMBER = 15;

/** The address of an emptied Redis number on this server. */
export async function emptyRedis(server) {
  const url = new URL(server);
  const socket = connect(Number(url.port || 6379), url.hostname);
  const commands = [['SELECT', String(NUMBER)], ['FLUSHDB']];
  if (url.password) commands.unshift(['AUTH', ...(url.username ? [url.username] : []), decodeURIComponent(url.password)]);
  let said = '';
  await new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', resolve);
    socket.on('data', (bytes) => {
      said += bytes;
      if (said.split('\r\n').length > commands.length) socket.end();
    });
    socket.setTimeout(5000, () => socket.destroy(new Error('Redis does not answer')));
    for (const words of commands) socket.write(`*${words.length}\r\n${words.map((w) => `$${Buffer.byteLength(w)}\r\n${w}\r\n`).join('')}`);
  });
  if (said !== '+OK\r\n'.repeat(commands.length)) throw new Error(`Redis: ${said.trim()}`);
  url.pathname = `/${NUMBER}`;
  return url.href;
}
