// Journeys through the whole desk in a browser: node journeys/run.mjs [--keep] [words of a journey's name]
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { settle } from './people.mjs';
import { killAll } from './process.mjs';
import { openBrowser, Stage } from './stage.mjs';
import { startSystem } from './system.mjs';

const here = import.meta.dirname;
const out = join(here, 'out');
const keep = process.argv.includes('--keep');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--')).join(' ').toLowerCase();

/** A journey that has not ended by then hangs. Milliseconds. */
const JOURNEY_WITHIN = 180_000;

const slug = (name) => name.slice(0, 48).toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
/** The first lines of a fault, without the colours of a terminal. */
const fault = (cause) => String(cause.message).replace(/\x1b\[\d+m/g, '').split('\n').slice(0, 12).join('\n     ');
const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;

let system, browser;
const end = async () => {
  await browser?.close().catch(() => undefined);
  await system?.close().catch((cause) => console.log(`clean-up: ${cause.message}`));
};
process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => void end().finally(() => process.exit(130)));
}

process.exitCode = 1;
try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (cause) {
  console.log(`the desk did not start: ${cause.message}`);
  console.log('\n0 passed, 1 failed');
} finally {
  await end();
}

async function main() {
  const began = performance.now();
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, 'log'), { recursive: true });
  const journeys = (await load()).filter((one) => one.name.toLowerCase().includes(wanted));
  [system, browser] = await Promise.all([startSystem(settings()), openBrowser()]);
  console.log(`the desk runs at ${system.url}, the stand-in at ${system.carrier} (${seconds(began)})`);
  const failed = [];
  for (const journey of journeys) {
    if (!(await take(journey))) failed.push(journey.name);
  }
  for (const name of failed) console.log(`FAILED ${name}`);
  console.log(`\n${journeys.length - failed.length} passed, ${failed.length} failed in ${seconds(began)}`);
  if (keep) {
    console.log(`kept: ${system.url} ${system.carrier} ${system.folder}; Ctrl-C ends it`);
    await new Promise(() => setInterval(() => undefined, 1 << 30));
  }
  return journeys.length > 0 && failed.length === 0;
}

async function load() {
  const files = readdirSync(here).filter((name) => name.endsWith('.journey.mjs')).sort();
  const modules = await Promise.all(files.map((name) => import(join(here, name))));
  return modules.flatMap((module) => module.default);
}

function settings() {
  const need = (name) => process.env[name] || (() => { throw new Error(`${name} is not set; \`make test\` sets it`); })();
  return { bin: need('SAPA_BIN'), databaseServer: need('SAPA_TEST_DATABASE_URL'), redisServer: need('SAPA_TEST_REDIS_URL'), logs: join(out, 'log') };
}

/** Takes one journey and tells how it went. */
async function take(journey) {
  const began = performance.now();
  const folder = join(out, slug(journey.name));
  mkdirSync(folder, { recursive: true });
  const stage = new Stage(browser, system, folder);
  let timer;
  try {
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done after ${JOURNEY_WITHIN / 1000} s`)), JOURNEY_WITHIN);
    });
    await Promise.race([journey.run(stage), late]);
    if (stage.complaints.length > 0) throw new Error(`pages complained:\n${[...new Set(stage.complaints)].join('\n')}`);
    console.log(`ok   ${journey.name} (${seconds(began)})`);
    return true;
  } catch (cause) {
    const pictures = await stage.pictures();
    console.log(`FAIL ${journey.name} (${seconds(began)})\n     while: ${stage.step}\n     ${fault(cause)}`);
    if (stage.complaints.length > 0) console.log(`     pages complained: ${[...new Set(stage.complaints)].slice(0, 5).join(' | ')}`);
    for (const file of pictures) console.log(`     picture: ${file}`);
    return false;
  } finally {
    clearTimeout(timer);
    await settle(stage).catch((cause) => console.log(`     clean-up: ${cause.message.split('\n')[0]}`));
    await stage.close();
  }
}
