import type { ClientFrame, ServerFrame } from './frames';

export type LinkState = 'connecting' | 'online' | 'offline';

/** Waits between tries in milliseconds; the last one repeats. Each is spread by up to half, so that a restarted desk is
 *  not met by all visitors in the same instant. */
const BACKOFF = [500, 1000, 2000, 4000, 8000, 15000];
const PING_EVERY = 25_000;
/** Silence after a ping, or after a message that must be confirmed, that means a dead line. */
const ANSWER_WITHIN = 10_000;
/** How often the two are looked at. */
const LOOK_EVERY = 2500;
/** After so many sockets that never opened, frames go over plain requests: some networks refuse sockets. */
const SOCKETS_REFUSED = 3;

export interface LinkOptions {
  base: string;
  inbox: string;
  language: () => string;
  session: () => string | undefined;
  keepSession: (session: string) => void;
  /** The desk no longer knows this secret. */
  sessionOver: (session: string) => void;
  /** The highest sequence held. */
  after: () => number;
  onFrame: (frame: ServerFrame) => void;
  onState: (state: LinkState) => void;
  /** Called once frames flow: the place to send what is still unsent. */
  onReady: () => void;
}

class Refused extends Error {
  /** Milliseconds that the desk asks to wait. */
  readonly wait: number;

  constructor(response: Response) {
    super(`refused with ${response.status}`);
    this.wait = 1000 * Number(response.headers.get('Retry-After') ?? 0);
  }
}

/** Link keeps frames flowing between this page and the desk: a socket, else long polling, for ever trying again. */
export class Link {
  private socket: WebSocket | undefined;
  private tries = 0;
  private refusals = 0;
  private polling: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private pulse: ReturnType<typeof setInterval> | undefined;
  /** When the first frame went out that has not been answered by any since; 0 when nothing is awaited. */
  private asked = 0;
  private heard = 0;
  private started = false;

  constructor(private readonly options: LinkOptions) {}

  start(): void {
    if (this.started) return;
    this.started = true;
    addEventListener('online', () => this.now());
    addEventListener('offline', () => this.drop());
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && !this.open()) this.now();
    });
    void this.connect();
  }

  /** Sends a frame if one can be sent now; the caller keeps what must not be lost. */
  send(frame: ClientFrame): void {
    if (this.socket?.readyState === WebSocket.OPEN) {
      if (frame.type === 'message' || frame.type === 'ping') this.asked ||= Date.now();
      this.socket.send(JSON.stringify(frame));
    } else if (this.polling && frame.type !== 'resume' && frame.type !== 'ping') {
      void this.post(frame);
    }
  }

  open(): boolean {
    return this.socket?.readyState === WebSocket.OPEN || this.polling !== undefined;
  }

  /** A call with the session's secret; a secret that the desk no longer knows is replaced by a new one, once. */
  async call(path: string, init: RequestInit = {}): Promise<Response> {
    for (let again = false; ; again = true) {
      const session = this.options.session() ?? (await this.begin());
      const response = await fetch(this.options.base + path, {
        ...init,
        headers: { ...init.headers, Authorization: `Bearer ${session}` },
      });
      if (response.status === 401 && !again) {
        this.options.sessionOver(session);
        continue;
      }
      if (!response.ok) throw new Refused(response);
      return response;
    }
  }

  /** Ends the chat at the desk, then begins another one. Whether or not the desk was reached, this page lets go of the
   *  old one: the caller has forgotten the secret, and tells what became of it. */
  async forget(session: string): Promise<boolean> {
    this.quiet();
    let done = true;
    try {
      const response = await fetch(`${this.options.base}/chat/sessions`, {
        method: 'DELETE', keepalive: true, headers: { Authorization: `Bearer ${session}` }, signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      done = response.ok || response.status === 401; // 401: it was over already
    } catch {
      done = false;
    }
    this.now();
    return done;
  }

  /** Lets go of the line without asking for another. */
  private quiet(): void {
    clearTimeout(this.timer);
    clearInterval(this.pulse);
    const { socket, polling } = this;
    this.socket = this.polling = undefined;
    if (socket) socket.onmessage = socket.onopen = null;
    socket?.close();
    polling?.abort();
  }

  private now(): void {
    if (!this.started || this.open()) return;
    this.tries = 0;
    clearTimeout(this.timer);
    void this.connect();
  }

  private async begin(): Promise<string> {
    const response = await fetch(`${this.options.base}/chat/sessions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ inbox: this.options.inbox, language: this.options.language() }),
    });
    if (!response.ok) throw new Refused(response);
    const { session } = (await response.json()) as { session: string };
    this.options.keepSession(session);
    return session;
  }

  private async connect(): Promise<void> {
    if (this.tries === 0) this.options.onState('connecting'); // later tries leave the word that there is no line
    try {
      const response = await this.call('/chat/tickets', { method: 'POST' });
      const { ticket } = (await response.json()) as { ticket: string };
      if (this.refusals >= SOCKETS_REFUSED) {
        void this.poll();
      } else {
        this.dial(ticket);
      }
    } catch (error) {
      this.later(error);
    }
  }

  private dial(ticket: string): void {
    const address = new URL('/ws/chat', this.options.base);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    address.searchParams.set('ticket', ticket);
    const socket = new WebSocket(address);
    let opened = false;
    this.socket = socket;
    socket.onopen = () => {
      opened = true;
      this.refusals = 0;
      this.heard = Date.now();
      this.asked = 0;
      socket.send(JSON.stringify({ type: 'resume', after: this.options.after() } satisfies ClientFrame));
      this.beat();
    };
    socket.onmessage = (event) => this.receive(String(event.data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      if (!opened) this.refusals++;
      this.drop();
    };
  }

  /** Gives up a socket without waiting for its farewell, which a dead line never brings. */
  private drop(): void {
    const socket = this.socket;
    if (!socket) return;
    clearInterval(this.pulse);
    this.socket = undefined;
    socket.onmessage = socket.onopen = null;
    socket.close();
    this.later();
  }

  private receive(data: string): void {
    this.heard = Date.now();
    this.asked = 0;
    const frame = JSON.parse(data) as ServerFrame;
    this.options.onFrame(frame);
    if (frame.type === 'welcome') this.flowing();
  }

  private flowing(): void {
    this.tries = 0;
    this.options.onState('online');
    this.options.onReady();
  }

  private beat(): void {
    clearInterval(this.pulse);
    this.pulse = setInterval(() => {
      if (this.asked && Date.now() - this.asked > ANSWER_WITHIN) this.drop();
      else if (!this.asked && Date.now() - this.heard > PING_EVERY) this.send({ type: 'ping' });
    }, LOOK_EVERY);
  }

  private later(error?: unknown): void {
    this.options.onState('offline');
    const asked = error instanceof Refused ? error.wait : 0;
    const wait = Math.max(asked, BACKOFF[Math.min(this.tries++, BACKOFF.length - 1)] ?? 15000);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.connect(), wait * ((asked ? 1 : 0.75) + Math.random() / 2));
  }

  private async poll(): Promise<void> {
    const polling = new AbortController();
    this.polling = polling;
    let first = true;
    try {
      for (;;) {
        const wait = first ? 0 : 25;
        const response = await this.call(`/chat/messages?after=${this.options.after()}&wait=${wait}`, { signal: polling.signal });
        const { frames } = (await response.json()) as { frames: ServerFrame[] };
        frames.forEach((frame) => this.options.onFrame(frame));
        if (first) this.flowing();
        first = false;
      }
    } catch (error) {
      if (this.polling !== polling) return; // let go of on purpose
      this.polling = undefined;
      this.refusals = 0; // the network has changed: a socket gets another chance
      this.later(error);
    }
  }

  private async post(frame: ClientFrame): Promise<void> {
    try {
      const response = await this.call('/chat/messages', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(frame),
      });
      if (response.status !== 204) this.options.onFrame((await response.json()) as ServerFrame);
    } catch {
      this.polling?.abort();
    }
  }
}
