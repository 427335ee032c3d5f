import { h, icon, ICONS } from './dom';
import type { Button } from './frames';
import { lineView, pendingView, standingText } from './line';
import type { LinkState } from './link';
import { ratingView } from './rating';
import { last, outages, quickReplies, unread, type Chat } from './store';
import type { Tray } from './tray';
import { ACCEPT } from './upload';
import { fill, LANGUAGES, tag, words, type Words } from './words';

export interface Acts {
  toggle: (open: boolean) => void;
  language: (code: string) => void;
  send: (text: string, button?: Button) => void;
  again: (echo: string) => void;
  remove: (echo: string) => void;
  typing: (on: boolean) => void;
  draft: (text: string) => void;
  rate: (score: number, comment: string) => void;
  end: () => void;
  /** Puts a notice away. */
  away: (outage: string) => void;
  /** Leaves nothing of the chat in this browser, and ends it at the desk. */
  forget: () => void;
}

export interface Screen {
  open: boolean;
  language: string;
  link: LinkState;
  rated: boolean;
  /** Notices that were put away. */
  away: readonly string[];
  /** What a chat without lines begins with. */
  greeting: 'hello' | 'anew' | 'forgotten';
}

/** The id under which the desk knows the wish for a person, on every channel. */
const HUMAN = 'agent.request';

/** How long after the last key the citizen counts as no longer typing, and how often typing is said again. */
const TYPING_STOPS = 3000;

/** View draws the chat into a shadow root. Lines are kept by key, so that a screen reader hears each of them once. */
export class View {
  private readonly badge = h('span', { class: 'badge', hidden: true });
  private readonly launchText = h('span', {});
  private readonly launch: HTMLButtonElement;
  private readonly title = h('h2', {});
  private readonly select: HTMLSelectElement;
  private readonly closing: HTMLButtonElement;
  private readonly standing = h('p', { role: 'status' });
  private readonly offline = h('p', { class: 'bar offline', role: 'status', hidden: true });
  private readonly notices = h('div', { role: 'status' });
  private readonly items = h('ul', {});
  private readonly log = h('div', { class: 'log', role: 'log', tabindex: '0' }, this.items);
  private readonly quick = h('div', { class: 'quick', hidden: true });
  private readonly typing = h('div', { class: 'typing', 'aria-live': 'polite' });
  private readonly extra = h('div', {});
  private readonly fault = h('p', { class: 'error', role: 'alert', hidden: true });
  private readonly box: HTMLTextAreaElement;
  private readonly sendButton: HTMLButtonElement;
  private readonly clip: HTMLButtonElement;
  private readonly human: HTMLButtonElement;
  private readonly ending: HTMLButtonElement;
  private readonly forgetting: HTMLButtonElement;
  private readonly panel: HTMLElement;
  private readonly drawn = new Map<string, { element: HTMLElement; as: string }>();
  private say: Words = words('ind');
  private asking = false;
  /** Whether the reader is at the newest line: then what comes, or grows as its picture loads, is followed. */
  private atEnd = true;
  private top = 0;
  private typingSaid = 0;
  private typingTimer: ReturnType<typeof setTimeout> | undefined;
  private tray: Tray | undefined;

  constructor(root: ShadowRoot, private readonly acts: Acts) {
    const file = h('input', { type: 'file', multiple: true, accept: ACCEPT, hidden: true, tabindex: '-1' });
    file.addEventListener('change', () => {
      this.tray?.add(file.files ?? []);
      file.value = '';
    });
    this.launch = h('button', { type: 'button', class: 'launch', onclick: () => acts.toggle(true) }, icon(ICONS.chat), this.launchText, this.badge);
    this.select = h('select', { onchange: () => acts.language(this.select.value) }, ...LANGUAGES.map((l) => h('option', { value: l.code, lang: l.tag }, l.name)));
    this.closing = h('button', { type: 'button', class: 'icon', onclick: () => acts.toggle(false) }, icon(ICONS.close));
    this.box = h('textarea', { rows: '1', maxlength: '4096', enterkeyhint: 'send', oninput: () => this.typed() });
    this.box.addEventListener('keydown', (event) => this.key(event));
    this.clip = h('button', { type: 'button', class: 'icon', onclick: () => file.click() }, icon(ICONS.clip));
    this.sendButton = h('button', { class: 'icon go' }, icon(ICONS.send));
    this.human = h('button', { type: 'button', onclick: () => acts.send(this.say.humanText, { id: HUMAN, label: this.say.humanText }) });
    this.ending = h('button', { type: 'button', onclick: () => this.ask(this.say.endSure, this.say.yesEnd, acts.end) });
    this.forgetting = h('button', { type: 'button', onclick: () => this.ask(this.say.forgetSure, this.say.yesForget, acts.forget) });
    const form = h('form', { onsubmit: (event: Event) => { event.preventDefault(); this.submit(); } }, this.fault,
      h('div', { class: 'write' }, this.clip, file, this.box, this.sendButton), h('div', { class: 'foot' }, this.human, this.ending, this.forgetting));
    this.panel = h('section', { class: 'panel', role: 'dialog', hidden: true },
      h('header', {}, this.title, this.select, this.closing), h('div', { class: 'bar' }, this.standing),
      this.notices, this.offline, this.log, this.typing, this.quick, this.extra, form);
    this.log.addEventListener('scroll', () => this.scrolled());
    const growth = new ResizeObserver(() => this.follow());
    growth.observe(this.log);
    growth.observe(this.items);
    this.panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') acts.toggle(false);
    });
    root.append(h('div', { class: 'root' }, this.launch, this.panel));
  }

  /** The tray needs the view to tell faults and the view needs its element, so it comes second. */
  hold(tray: Tray): void {
    this.tray = tray;
    this.fault.before(tray.element);
  }

  /** What the form says beside the field; "" clears it. */
  tell(text: string): void {
    this.fault.textContent = text;
    this.fault.hidden = text === '';
  }

  restore(draft: string): void {
    this.box.value = draft;
    this.grow();
  }

  focus(open: boolean): void {
    (open ? this.box : this.launch).focus();
  }

  draw(chat: Chat, screen: Screen): void {
    this.say = words(screen.language);
    this.texts(screen);
    const news = unread(chat);
    this.badge.hidden = news === 0;
    this.badge.textContent = String(Math.min(news, 99));
    this.launch.setAttribute('aria-label', news ? `${this.say.open}, ${fill(this.say.unread, { n: news })}` : this.say.open);
    this.launch.hidden = screen.open;
    this.panel.hidden = !screen.open;
    const closed = chat.standing?.state === 'closed';
    this.standing.textContent = standingText(chat.standing, this.say);
    this.offline.hidden = screen.link === 'online' || (screen.link === 'connecting' && chat.pending.length === 0);
    this.offline.textContent = screen.link === 'offline' ? this.say.offline : this.say.connecting;
    const offered = quickReplies(chat).some((b) => b.id === HUMAN);
    this.human.hidden = offered || chat.standing?.state === 'queued' || chat.standing?.state === 'agent';
    this.ending.hidden = last(chat) === 0 || closed;
    this.forgetting.hidden = last(chat) === 0 && chat.pending.length === 0;
    this.tellOutages(chat, screen);
    this.lines(chat, this.say[screen.greeting]);
    this.replies(chat);
    this.typing.textContent = chat.typing ? `${chat.standing?.agent ?? this.say.robot} ${this.say.typing}…` : '';
    this.extras(chat, screen);
  }

  private texts(screen: Screen): void {
    const say = this.say;
    this.launchText.textContent = say.open;
    this.title.textContent = say.title;
    this.panel.setAttribute('aria-label', say.title);
    this.panel.setAttribute('lang', tag(screen.language));
    this.select.setAttribute('aria-label', say.language);
    this.select.value = screen.language;
    this.closing.setAttribute('aria-label', say.close);
    this.log.setAttribute('aria-label', say.title);
    this.box.setAttribute('aria-label', say.write);
    this.box.placeholder = say.write;
    this.clip.setAttribute('aria-label', say.attach);
    this.sendButton.setAttribute('aria-label', say.send);
    this.human.textContent = say.human;
    this.ending.textContent = say.end;
    this.forgetting.textContent = say.forget;
  }

  private lines(chat: Chat, greeting: string): void {
    const wanted = new Map<string, { as: string; make: () => HTMLElement }>();
    if (last(chat) === 0) wanted.set('hello', { as: greeting, make: () => h('li', { class: 'line bot' }, h('p', { class: 'text' }, greeting)) });
    for (const line of chat.lines) {
      const read = line.seq <= chat.read;
      wanted.set(`s${line.seq}`, { as: JSON.stringify([line, read, this.say.sent]), make: () => lineView(line, read, this.say) });
    }
    for (const p of chat.pending) {
      wanted.set(`p${p.echo}`, {
        as: JSON.stringify([p, this.say.sent]),
        make: () => pendingView(p, this.say, { again: () => this.acts.again(p.echo), remove: () => this.acts.remove(p.echo) }),
      });
    }
    for (const [key, known] of this.drawn) {
      if (!wanted.has(key)) {
        known.element.remove();
        this.drawn.delete(key);
      }
    }
    let before: HTMLElement | undefined;
    for (const [key, want] of wanted) {
      const known = this.drawn.get(key);
      let element = known?.element;
      if (!element || known?.as !== want.as) {
        const fresh = want.make();
        element?.replaceWith(fresh);
        element = fresh;
        this.drawn.set(key, { element, as: want.as });
      }
      const place: ChildNode | null = before ? before.nextSibling : this.items.firstChild;
      if (place !== element) this.items.insertBefore(element, place);
      before = element;
    }
    this.follow();
  }

  /** Only moving up leaves the end: the end also moves away by itself, when lines come or the keyboard opens. */
  private scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.log;
    if (scrollHeight - scrollTop - clientHeight < 80) this.atEnd = true;
    else if (scrollTop < this.top) this.atEnd = false;
    this.top = scrollTop;
  }

  private follow(): void {
    if (this.atEnd) this.log.scrollTop = this.log.scrollHeight;
  }

  private tellOutages(chat: Chat, screen: Screen): void {
    const open = outages(chat, screen.away, Date.now());
    const as = JSON.stringify([open, screen.language]);
    if (this.notices.dataset['as'] === as) return;
    this.notices.dataset['as'] = as;
    this.notices.replaceChildren(...open.map((one) => h('div', { class: 'bar offline' }, h('p', {}, one.text),
      h('button', { type: 'button', class: 'icon', 'aria-label': this.say.away, onclick: () => this.acts.away(one.id) }, icon(ICONS.close)))));
  }

  private replies(chat: Chat): void {
    const buttons = quickReplies(chat);
    const as = JSON.stringify(buttons);
    if (this.quick.dataset['as'] === as) return;
    this.quick.dataset['as'] = as;
    this.quick.hidden = buttons.length === 0;
    this.quick.replaceChildren(...buttons.map((b) => h('button', { type: 'button', onclick: () => { this.acts.send(b.label, b); this.box.focus(); } }, b.label)));
  }

  private extras(chat: Chat, screen: Screen): void {
    if (this.asking) return;
    const as = JSON.stringify([chat.csat, screen.rated, screen.language]);
    if (this.extra.dataset['as'] === as) return;
    this.extra.dataset['as'] = as;
    if (screen.rated) this.extra.replaceChildren(h('p', { class: 'card', role: 'status' }, this.say.thanks));
    else if (chat.csat) this.extra.replaceChildren(ratingView(chat.csat.question, chat.csat.scale, this.say, this.acts.rate));
    else this.extra.replaceChildren();
  }

  private ask(question: string, agree: string, act: () => void): void {
    this.asking = true;
    const stop = () => {
      this.asking = false;
      this.extra.dataset['as'] = '';
      this.extra.replaceChildren();
      this.box.focus();
    };
    const yes = h('button', { type: 'button', class: 'choice', onclick: () => { stop(); act(); } }, agree);
    this.extra.replaceChildren(h('div', { class: 'card', role: 'alertdialog', 'aria-label': question }, h('p', {}, question),
      h('div', { class: 'both' }, yes, h('button', { type: 'button', class: 'choice', onclick: stop }, this.say.no))));
    yes.focus();
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  private submit(): void {
    const text = this.box.value.trim();
    if (this.tray && !this.tray.ready()) return;
    if (text === '' && (!this.tray || this.tray.empty())) return;
    this.tell('');
    this.acts.send(text);
    this.box.value = '';
    this.grow();
    this.stopTyping();
    this.box.focus();
    this.atEnd = true;
    this.follow();
  }

  private typed(): void {
    this.grow();
    this.acts.draft(this.box.value);
    if (this.box.value !== '' && Date.now() - this.typingSaid > TYPING_STOPS) {
      this.typingSaid = Date.now();
      this.acts.typing(true);
    }
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.stopTyping(), TYPING_STOPS);
  }

  private stopTyping(): void {
    if (this.typingTimer === undefined) return;
    clearTimeout(this.typingTimer);
    this.typingTimer = undefined;
    this.typingSaid = 0;
    this.acts.typing(false);
  }

  private grow(): void {
    this.box.style.height = 'auto';
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, 140)}px`;
  }
}
