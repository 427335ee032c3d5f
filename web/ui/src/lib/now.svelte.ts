import { createSubscriber } from 'svelte/reactivity';

let skew = 0;
const beat = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** The server's time now, to the second; reading it inside markup or an effect re-runs that each second. */
export function now(): Date {
  beat();
  return new Date(Date.now() + skew);
}

/** The same instant without subscribing. */
export function instant(): Date {
  return new Date(Date.now() + skew);
}

/** Learns how far this machine's clock is off from an instant the server just sent; countdowns follow the server. */
export function learn(server: Date): void {
  const off = server.getTime() - Date.now();
  skew = Math.abs(off) > 2000 ? off : 0;
}
