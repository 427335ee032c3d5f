import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';

const running = new Set();

/** Starts a program whose output goes to a file; it is stopped by its own id, at the latest when this program ends. */
export function start(path, args, { env, log }) {
  const child = spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const out = createWriteStream(log, { flags: 'a' });
  child.stdout.pipe(out);
  child.stderr.pipe(out);
  child.ended = new Promise((resolve) => {
    child.once('error', (cause) => resolve(cause.message));
    child.once('exit', (code, signal) => resolve(signal ?? code));
  });
  void child.ended.then(() => running.delete(child));
  running.add(child);
  return child;
}

/** Runs a program to its end; a bad end is an error that names the log. */
export async function finish(path, args, options) {
  const child = start(path, args, options);
  const code = await child.ended;
  if (code !== 0) throw new Error(`${path} ${args.join(' ')} ended with ${code}; see ${options.log}`);
}

/** Asks a program to end, and makes it end after so many seconds. */
export async function stop(child, seconds = 15) {
  if (!running.has(child)) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
  await child.ended;
  clearTimeout(timer);
}

/** The last resort, also for an end in which nothing can be awaited any more. */
export function killAll() {
  for (const child of running) child.kill('SIGKILL');
}

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
