import type { Pending } from './store';

/** What survives a reload: the secret of the chat, what is not sent yet, the half-written text, the language. */
export interface Kept {
  session?: string;
  pending?: Pending[];
  draft?: string;
  language?: string;
  seen?: number;
  /** Notices that were put away. */
  away?: string[];
}

/** Memory keeps it in localStorage, or only for this page where a browser forbids storage. */
export class Memory {
  private kept: Kept = {};

  constructor(private readonly key: string) {
    this.reload();
  }

  /** Reads again what another tab may have changed. */
  reload(): void {
    try {
      this.kept = JSON.parse(localStorage.getItem(this.key) ?? '{}') as Kept;
    } catch {
      // Unreadable or forbidden: what this page knows is all there is.
    }
  }

  /** Leaves nothing of the chat; the language is no secret. */
  wipe(): void {
    const { language } = this.kept;
    this.kept = {};
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was stored, then.
    }
    if (language) this.write({ language });
  }

  read(): Kept {
    return this.kept;
  }

  write(change: Kept): void {
    this.kept = { ...this.kept, ...change };
    try {
      localStorage.setItem(this.key, JSON.stringify(this.kept));
    } catch {
      // Storage is full or forbidden: the chat goes on, only a reload would forget it.
    }
  }
}
