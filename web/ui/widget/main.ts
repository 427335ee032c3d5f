import type { Button, ClientFrame, ServerFrame } from './frames';
import { Link, type LinkState } from './link';
import { Memory } from './memory';
import { empty, last, nextOutage, take, unread, unsent, type Chat, type Pending } from './store';
import style from './style.css?inline';
import { Tray } from './tray';
import { View, type Screen } from './view';
import { LANGUAGES, words } from './words';

/** Whoever types says so every three seconds; after twice that the word is old: they went away, or only their line did. */
const TYPING_LASTS = 6000;

declare global {
  interface Window {
    Sapa?: { open: () => void; close: () => void };
  }
}

/** The attributes of the script tag: data-inbox, data-language, data-open (open at once). */
interface Settings {
  base: string;
  inbox: string;
  language: string;
  open: boolean;
}

class Widget {
  private chat: Chat = empty();
  private open = false;
  private state: LinkState = 'connecting';
  private rated = false;
  private greeting: Screen['greeting'] = 'hello';
  private language: string;
  private waiting: ClientFrame[] = [];
  private typing: ReturnType<typeof setTimeout> | undefined;
  private turn: ReturnType<typeof setTimeout> | undefined;
  private readonly memory: Memory;
  private readonly link: Link;
  private readonly view: View;
  private readonly tray: Tray;

  constructor(root: ShadowRoot, settings: Settings) {
    this.memory = new Memory(`sapa.chat.${settings.inbox}`);
    const kept = this.memory.read();
    this.language = LANGUAGES.some((l) => l.code === kept.language) ? (kept.language ?? 'ind') : settings.language;
    this.chat = { ...this.chat, pending: kept.pending ?? [], seen: kept.seen ?? 0 };
    this.link = new Link({
      base: settings.base,
      inbox: settings.inbox,
      language: () => this.language,
      session: () => this.memory.read().session || undefined,
      keepSession: (session) => this.memory.write({ session }),
      sessionOver: (session) => this.sessionOver(session),
      after: () => last(this.chat),
      onFrame: (frame) => this.take(frame),
      onState: (state) => { this.state = state; this.draw(); },
      onReady: () => this.flush(),
    });
    this.view = new View(root, {
      toggle: (open) => this.toggle(open),
      language: (code) => { this.language = code; this.memory.write({ language: code }); this.draw(); },
      send: (text, button) => this.send(text, button),
      again: (echo) => this.again(echo),
      remove: (echo) => this.change({ pending: this.chat.pending.filter((p) => p.echo !== echo) }),
      typing: (on) => this.link.send({ type: 'typing', on }),
      draft: (draft) => this.memory.write({ draft }),
      rate: (score, comment) => { this.rated = true; this.surely({ type: 'csat', score, comment }); this.change({ csat: undefined }); },
      end: () => this.surely({ type: 'end' }),
      away: (outage) => { this.memory.write({ away: [...(this.memory.read().away ?? []).slice(-9), outage] }); this.draw(); },
      forget: () => void this.forget(),
    });
    this.tray = new Tray(settings.base, () => this.session(), () => words(this.language), (text) => this.view.tell(text), () => {});
    this.view.hold(this.tray);
    this.view.restore(kept.draft ?? '');
    document.addEventListener('visibilitychange', () => this.look());
    this.draw();
    if (kept.session) this.link.start();
    if (settings.open) this.toggle(true);
  }

  toggle(open: boolean): void {
    if (this.open === open) return;
    this.open = open;
    this.draw();
    this.view.focus(open);
    if (open) this.link.start();
    this.look();
  }

  /** The desk has ended the chat: the page begins a clean one, or joins the one that another tab has begun. */
  private sessionOver(session: string): void {
    this.memory.reload();
    const kept = this.memory.read();
    if (kept.session === session) this.memory.write({ session: '', seen: 0 });
    this.clear('anew', kept.pending ?? []);
    this.view.restore(kept.draft ?? '');
  }

  /** Forgets the chat here first, so that nothing stays even when there is no line to tell the desk. */
  private async forget(): Promise<void> {
    const session = this.memory.read().session;
    this.memory.wipe();
    this.waiting = [];
    this.tray.take();
    this.clear('forgotten', []);
    this.view.restore('');
    if (session && !(await this.link.forget(session))) this.view.tell(words(this.language).forgetHalf);
  }

  private clear(greeting: Screen['greeting'], pending: Pending[]): void {
    this.greeting = greeting;
    this.rated = false;
    this.chat = { ...empty(), pending };
    this.draw();
  }

  private async session(): Promise<string> {
    if (!this.memory.read().session) await this.link.call('/chat/tickets', { method: 'POST' });
    return this.memory.read().session ?? '';
  }

  private take(frame: ServerFrame): void {
    const before = this.chat;
    this.chat = take(this.chat, frame);
    if (frame.type === 'csat') this.rated = false;
    if (frame.type === 'message') this.rated = false; // what is said next thanks by itself
    if (this.rated) this.chat = { ...this.chat, csat: undefined };
    if (frame.type === 'error') this.view.tell(frame.text);
    if (frame.type === 'typing') this.typist();
    if (frame.type === 'welcome' || frame.type === 'state') this.clock();
    if (this.chat.pending !== before.pending) this.memory.write({ pending: this.chat.pending });
    this.draw();
    this.look();
  }

  /** Notices begin and end by the clock, without a word of the desk. */
  private clock(): void {
    clearTimeout(this.turn);
    const next = nextOutage(this.chat, Date.now());
    if (next !== undefined) this.turn = setTimeout(() => { this.draw(); this.clock(); }, Math.min(next + 50, 3_600_000));
  }

  private typist(): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.change({ typing: false }), TYPING_LASTS);
  }

  /** Tells the desk what the visitor has now seen, once per line. */
  private look(): void {
    if (!this.open || document.visibilityState !== 'visible' || unread(this.chat) === 0) return;
    const seen = last(this.chat);
    this.change({ seen });
    this.memory.write({ seen });
    this.link.send({ type: 'read', seq: seen });
  }

  private send(text: string, button?: Button): void {
    const message: Pending = {
      echo: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`,
      text,
      attachments: button ? [] : this.tray.take(),
      ...(button ? { button: button.id } : {}),
    };
    this.change({ pending: [...this.chat.pending, message], csat: undefined });
    this.rated = false;
    this.memory.write({ draft: '' });
    this.link.start();
    for (const frame of unsent({ ...this.chat, pending: [message] })) this.link.send(frame);
    this.draw();
  }

  private again(echo: string): void {
    const pending = this.chat.pending.map((p) => {
      if (p.echo !== echo) return p;
      const { refused: _, ...rest } = p;
      return rest;
    });
    this.change({ pending });
    this.flush();
  }

  /** Frames that have no echo but must not be lost while the line is down. */
  private surely(frame: ClientFrame): void {
    if (this.link.open()) this.link.send(frame);
    else this.waiting.push(frame);
  }

  private flush(): void {
    for (const frame of unsent(this.chat)) this.link.send(frame);
    for (const frame of this.waiting.splice(0)) this.link.send(frame);
  }

  private change(change: Partial<Chat>): void {
    this.chat = { ...this.chat, ...change };
    if (change.pending) this.memory.write({ pending: change.pending });
    this.draw();
  }

  private draw(): void {
    this.view?.draw(this.chat, { open: this.open, language: this.language, link: this.state, rated: this.rated, greeting: this.greeting, away: this.memory.read().away ?? [] });
  }
}

function start(): void {
  const script = document.currentScript as HTMLScriptElement | null;
  if (!script) return;
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  const settings: Settings = {
    base: new URL(script.src).origin,
    inbox: script.dataset['inbox'] ?? 'web',
    language: script.dataset['language'] ?? 'ind',
    open: script.dataset['open'] !== undefined,
  };
  const mount = () => {
    document.body.append(host);
    const widget = new Widget(root, settings);
    window.Sapa = { open: () => widget.toggle(true), close: () => widget.toggle(false) };
    document.addEventListener('click', (event) => {
      const opener = (event.target as Element | null)?.closest?.('[data-sapa-open]');
      if (opener) {
        event.preventDefault();
        widget.toggle(true);
      }
    });
  };
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', mount);
  else mount();
}

start();
