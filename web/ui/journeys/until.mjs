import { setTimeout as pause } from 'node:timers/promises';

/** How long a condition may take before it counts as not met, in milliseconds: far more than any of them needs, since
 *  the machine may be busy. What must be fast is measured apart. */
export const PATIENCE = 20_000;

/** How many times longer things that must be fast may take: 1, unless the machine is known to be busy with other work. */
export const SLACK = Number(process.env.JOURNEYS_SLACK || 1);

/** Asks again and again until the answer is truthy, and returns it. The error says what was awaited and what came instead. */
export async function until(what, ask, { within = PATIENCE, every = 40 } = {}) {
  const end = performance.now() + within;
  let last;
  do {
    try {
      last = await ask();
      if (last) return last;
    } catch (cause) {
      last = cause.message.split('\n')[0];
    }
    await pause(every);
  } while (performance.now() < end);
  throw new Error(`waited ${within / 1000} s for ${what}; last: ${JSON.stringify(last)}`);
}

/** Fails with both values when they differ. */
export function same(what, got, want) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  if (a !== b) throw new Error(`${what}: got ${a}, want ${b}`);
}

export function check(what, truth) {
  if (!truth) throw new Error(what);
}
