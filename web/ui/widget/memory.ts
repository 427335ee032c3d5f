import type { Pending } from './store';

/** What survives a reload: the secret of the chat, what is not sent yet, the half-written text, the language. */
export interface Kept {
  session?: string;
  pending?: Pending[];
  draft?: string;
  language?: string;
  seen?: number;
}

/** Memory keeps it in localStorage, or only for this page where a browser forbids storage. */
export class Memory {
  private kept: Kept = {};

  constructor(private readonly key: string) {
    try {
      this.kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Kept;
    } catch {
      this.kept = {};
    }
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
