import type { ClientFrame, ServerFrame } from '../api/wire';

export type LiveState = 'idle' | 'connecting' | 'open' | 'waiting';

/** The part of WebSocket that is used, so that tests can stand in for it. */
export interface Wire {
  readyState: number;
  send(text: string): void;
  close(): void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
}

export interface Options {
  /** Asks for a single-use ticket and opens a socket with it; rejects when there is no server or no session. */
  dial: () => Promise<Wire>;
  /** The frames that put the server back in the picture, sent first on each connection. */
  greet: () => ClientFrame[];
  onFrame: (frame: ServerFrame) => void;
  onState: (state: LiveState, since: number) => void;
  /** A connection after a lost one: whatever happened in between was missed. */
  onReturn: () => void;
  now?: () => number;
  random?: () => number;
}

/** A ping each 4 s and 5 s of silence after one: a dead line is noticed within 9 s, under the 10 s the wallboard promises. */
export const pingEvery = 4000;
export const silence = 5000;
const firstDelay = 500;
const longestDelay = 15_000;
/** A handshake that has brought no welcome by then hangs in a dead network. */
const welcomeWithin = 8000;

/** Milliseconds before the n-th new attempt (0-based): doubling, half of it by chance so that 133 consoles do not return at once. */
export function backOff(attempt: number, random: () => number): number {
  const whole = Math.min(longestDelay, firstDelay * 2 ** attempt);
  return Math.round(whole / 2 + (whole / 2) * random());
}

/** Keeps one socket alive until stop(); frames are JSON objects with `type`. */
export class Live {
  private wire: Wire | null = null;
  private attempt = 0;
  private everOpen = false;
  private stopped = true;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setInterval> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private pingedAt = 0;
  private heardAt = 0;
  private readonly now: () => number;
  private readonly random: () => number;

  constructor(private readonly options: Options) {
    this.now = options.now ?? Date.now;
    this.random = options.random ?? Math.random;
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retryTimer);
    this.hangUp();
    this.options.onState('idle', this.now());
  }

  /** Tries at once, for example when the browser says that the network is back. */
  hurry(): void {
    if (this.stopped || this.wire) return;
    clearTimeout(this.retryTimer);
    this.attempt = 0;
    void this.connect();
  }

  /** Sends if there is a line; what must not be lost goes over HTTP instead. */
  send(frame: ClientFrame): void {
    if (this.wire?.readyState === 1) this.wire.send(JSON.stringify(frame));
  }

  private async connect(): Promise<void> {
    this.options.onState('connecting', this.now());
    try {
      const wire = await this.options.dial();
      if (this.stopped) return wire.close();
      this.hold(wire);
    } catch {
      this.retry();
    }
  }

  private hold(wire: Wire): void {
    this.wire = wire;
    this.patience = setTimeout(() => this.lost(wire), welcomeWithin);
    wire.onopen = () => this.opened();
    wire.onmessage = (event) => this.heard(event.data);
    wire.onclose = () => this.lost(wire);
    wire.onerror = () => wire.close();
    if (wire.readyState === 1) this.opened();
  }

  private opened(): void {
    this.heardAt = this.now();
    this.pingedAt = 0;
    for (const frame of this.options.greet()) this.send(frame);
    clearInterval(this.pulse);
    this.pulse = setInterval(() => this.beat(), pingEvery / 4);
  }

  private heard(data: unknown): void {
    this.heardAt = this.now();
    const frame = parse(data);
    if (!frame) return;
    if (frame.type === 'welcome') this.welcomed();
    this.options.onFrame(frame);
  }

  private welcomed(): void {
    clearTimeout(this.patience);
    this.attempt = 0;
    this.options.onState('open', this.now());
    if (this.everOpen) this.options.onReturn();
    this.everOpen = true;
  }

  /** Counts silence from the ping, not from the last frame: a throttled background tab must not look dead. */
  private beat(): void {
    const unanswered = this.pingedAt > this.heardAt;
    if (unanswered && this.now() - this.pingedAt >= silence) {
      const wire = this.wire;
      this.hangUp();
      if (wire) this.retry();
      return;
    }
    if (!unanswered && this.now() - Math.max(this.pingedAt, 0) >= pingEvery) {
      this.pingedAt = this.now();
      this.send({ type: 'ping' });
    }
  }

  private lost(wire: Wire): void {
    if (this.wire !== wire) return;
    this.hangUp();
    this.retry();
  }

  private retry(): void {
    if (this.stopped) return;
    this.options.onState('waiting', this.now());
    this.retryTimer = setTimeout(() => void this.connect(), backOff(this.attempt++, this.random));
  }

  private hangUp(): void {
    clearInterval(this.pulse);
    clearTimeout(this.patience);
    const wire = this.wire;
    this.wire = null;
    if (!wire) return;
    wire.onclose = wire.onmessage = wire.onopen = wire.onerror = null;
    wire.close();
  }
}

function parse(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const frame = JSON.parse(data) as ServerFrame | null;
    return frame && typeof frame.type === 'string' ? frame : null;
  } catch {
    return null;
  }
}
