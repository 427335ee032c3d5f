import { tick } from 'svelte';
import { post, put, remove, upload } from '$/lib/api/client';
import { Problem } from '$/lib/api/problem';
import { sayProblem } from '$/lib/api/words';
import type { Attachment, Conversation, Id, Message, Named } from '$/lib/api/wire';
import { t } from '$/lib/i18n.svelte';
import { newId } from '$/lib/id';
import { sendTyping } from '$/lib/live/live.svelte';
import { schedule, sendWithUndo } from '$/lib/held';
import { received, send } from '$/lib/messages';
import { session } from '$/lib/session.svelte';
import { say } from '$/lib/toasts.svelte';
import { called } from './mention';

export interface Upload {
  key: string;
  name: string;
  bytes: number;
  /** 0-1 while it travels. */
  part: number;
  done: Attachment | null;
  fault: string;
  stop: AbortController;
}

type Kind = 'reply' | 'note';

const saveAfter = 800;
const typingEvery = 3000;

/** What an agent is writing in one conversation: two drafts apart (a note never leaks into a reply), kept on the server as they grow. */
export class ComposerState {
  kind = $state<Kind>('reply');
  texts = $state({ reply: '', note: '' });
  files = $state<Record<Kind, Upload[]>>({ reply: [], note: [] });
  saved = $state<'clean' | 'saving' | 'kept' | 'unkept'>('clean');
  stale = $state(false);
  busy = $state(false);
  /** Why an approved message did not go out, '' when it did. */
  refused = $state('');
  field = $state<HTMLTextAreaElement>();
  /** Who may be called by a note here, as far as it is known. */
  colleagues: readonly Named[] = [];

  private taken = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** What has grown since it was kept: whoever turns to the note saves the reply too. */
  private unsaved = new Set<Kind>();
  private typedAt = 0;
  private typing: 'reply' | 'note' = 'reply';
  private limit = 0;
  private undo = false;

  constructor(readonly conversation: Id) {}

  get text(): string {
    return this.texts[this.kind];
  }

  get uploads(): Upload[] {
    return this.files[this.kind];
  }

  get ready(): boolean {
    const travelling = this.uploads.some((u) => !u.done && !u.fault);
    return !this.busy && !travelling && (this.text.trim() !== '' || this.uploads.some((u) => u.done));
  }

  /** Takes the kept drafts the first time the conversation is known; afterwards what is on screen wins. */
  take(conversation: Conversation): void {
    this.limit = conversation.limits.attachment_bytes;
    this.undo = conversation.limits.undo;
    if (this.taken) return;
    this.taken = true;
    if (!conversation.can.includes('reply') && conversation.can.includes('note')) this.kind = 'note';
    const last = conversation.drafts[0];
    if (!last) return;
    this.kind = last.kind;
    for (const draft of conversation.drafts) {
      this.texts[draft.kind] = draft.text;
      this.files[draft.kind] = draft.attachments.map(finished);
    }
    this.saved = 'kept';
  }

  /** Moves the writer to the field, in the given kind, perhaps with a first character. */
  write(kind: Kind, first = ''): void {
    this.kind = kind;
    if (first && !this.texts[kind]) this.texts[kind] = first;
    void tick().then(() => this.field?.focus());
  }

  typed(): void {
    this.saveSoon();
    if (this.typing === this.kind && Date.now() - this.typedAt < typingEvery) return;
    if (this.typing !== this.kind) this.stillTyping(false);
    this.typing = this.kind;
    this.typedAt = Date.now();
    sendTyping(this.conversation, true, this.kind === 'note');
  }

  fill(text: string): void {
    this.texts[this.kind] = text;
    this.saveSoon();
    void tick().then(() => this.field?.focus());
  }

  /** Brings a reply that was taken back into the field, before what was begun meanwhile. */
  restore(text: string, attachments: Attachment[]): void {
    this.texts.reply = [text, this.texts.reply].filter(Boolean).join('\n');
    this.files.reply = [...attachments.map(finished), ...this.files.reply];
    this.saveSoon('reply');
    this.write('reply');
  }

  /** Hands the reply over to be sent at an instant; throws what the server refuses, and the field keeps it. */
  async schedule(echo: string, seenSeq: number, at: string): Promise<void> {
    const attachments = this.files.reply.flatMap((u) => (u.done ? [u.done] : []));
    await schedule(this.conversation, echo, { kind: 'reply', text: this.texts.reply.trim(), attachments, mentions: [] }, seenSeq, at);
    this.unsaved.delete('reply');
    this.texts.reply = '';
    this.files.reply = [];
    this.saved = 'clean';
    this.stillTyping(false);
  }

  /** Sends an approved message, the only thing that goes out when the window is closed. */
  async sendTemplate(template: { id: string; values: string[] }): Promise<void> {
    this.busy = true;
    this.refused = '';
    try {
      received(this.conversation, await post<Message>(`/conversations/${this.conversation}/messages`, { echo: newId(), kind: 'reply', text: '', template }));
    } catch (cause) {
      this.refused = (cause instanceof Problem && cause.field('values')) || sayProblem(cause);
    } finally {
      this.busy = false;
    }
  }

  /** Puts text in the place of a stretch of what is written, and the cursor behind it. */
  replace(from: number, to: number, text: string): void {
    this.texts[this.kind] = this.text.slice(0, from) + text + this.text.slice(to);
    this.saveSoon();
    void tick().then(() => {
      this.field?.focus();
      this.field?.setSelectionRange(from + text.length, from + text.length);
    });
  }

  /** A reply that can no longer be sent goes on as a note for whoever has the conversation now. */
  turnIntoNote(): void {
    this.texts.note = [this.texts.note.trim(), this.texts.reply.trim()].filter(Boolean).join('\n');
    this.files.note.push(...this.files.reply);
    this.texts.reply = '';
    this.files.reply = [];
    this.saveSoon();
    this.write('note');
  }

  attach(files: File[]): void {
    for (const file of files) void this.carry(file);
  }

  drop(key: string): void {
    const at = this.uploads.findIndex((u) => u.key === key);
    this.uploads[at]?.stop.abort();
    if (at >= 0) this.uploads.splice(at, 1);
    this.saveSoon();
  }

  /** Sends; when the thread has moved on, a reply comes back into the field and `stale` asks the writer to look first. A note answers nobody. */
  async send(seenSeq: number): Promise<void> {
    if (!this.ready) return;
    const kind = this.kind;
    const draft = { kind, text: this.text.trim(), attachments: this.uploads.flatMap((u) => (u.done ? [u.done] : [])), mentions: kind === 'note' ? called(this.text, this.colleagues) : [] };
    const files = this.files[kind];
    this.unsaved.delete(kind);
    this.busy = true;
    this.texts[kind] = '';
    this.files[kind] = [];
    this.stillTyping(false);
    try {
      const held = kind === 'reply' && this.undo && (session.me?.undo_seconds ?? 0) > 0;
      const going = held ? sendWithUndo(this.conversation, newId(), draft, seenSeq) : send(this.conversation, draft, kind === 'note' ? null : seenSeq);
      this.busy = false;
      this.saved = 'clean';
      await going;
      this.stale = false;
      void this.keep(kind).catch(() => undefined);
    } catch (cause) {
      this.stale = cause instanceof Problem && cause.code === 'stale_thread';
      if (!this.stale) say('bad', sayProblem(cause));
      this.texts[kind] = [draft.text, this.texts[kind]].filter(Boolean).join('\n');
      this.files[kind] = [...files, ...this.files[kind]];
      this.saveSoon(kind);
    } finally {
      this.busy = false;
    }
  }

  /** The thread closes: what was not yet kept is kept now. */
  leave(): void {
    this.stillTyping(false);
    if (this.timer) void this.save();
  }

  private stillTyping(on: boolean): void {
    if (this.typedAt > 0) sendTyping(this.conversation, on, this.typing === 'note');
    this.typedAt = 0;
  }

  private saveSoon(kind: Kind = this.kind): void {
    clearTimeout(this.timer);
    this.unsaved.add(kind);
    this.saved = 'saving';
    this.timer = setTimeout(() => void this.save(), saveAfter);
  }

  private async save(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const kinds = [...this.unsaved];
    this.unsaved.clear();
    try {
      for (const kind of kinds) await this.keep(kind);
      this.saved = this.timer ? 'saving' : this.text ? 'kept' : 'clean';
    } catch {
      for (const kind of kinds) this.unsaved.add(kind);
      this.saved = 'unkept';
    }
  }

  /** Makes the server's draft of a kind what is in its field, or nothing. */
  private async keep(kind: Kind): Promise<void> {
    const path = `/conversations/${this.conversation}/draft`;
    const text = this.texts[kind];
    const attachments = this.files[kind].flatMap((u) => (u.done ? [u.done.id] : []));
    if (text || attachments.length > 0) await put(path, { kind, text, attachments });
    else await remove(`${path}?kind=${kind}`);
  }

  private async carry(file: File): Promise<void> {
    const kind = this.kind;
    const list = this.files[kind];
    list.push({ key: newId(), name: file.name, bytes: file.size, part: 0, done: null, fault: '', stop: new AbortController() });
    const one = list[list.length - 1]!;
    if (this.limit > 0 && file.size > this.limit) {
      one.fault = t('problem.too_large');
      return;
    }
    const form = new FormData();
    form.set('conversation_id', this.conversation);
    form.set('file', file);
    try {
      one.done = await upload<Attachment>('/attachments', form, (part) => (one.part = part), one.stop.signal);
      this.saveSoon(kind);
    } catch (cause) {
      one.fault = sayProblem(cause);
    }
  }
}

function finished(attachment: Attachment): Upload {
  return { key: attachment.id, name: attachment.name, bytes: attachment.bytes, part: 1, done: attachment, fault: '', stop: new AbortController() };
}
