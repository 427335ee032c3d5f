import type { Attachment } from './frames';
import { h, icon, ICONS } from './dom';
import { MOST_BYTES, MOST_FILES, upload } from './upload';
import type { Words } from './words';

interface Item {
  file: File;
  part: number;
  done?: Attachment;
}

/** Tray holds the files chosen for the next message: sent at once, each with its progress, removable until sent off. */
export class Tray {
  readonly element = h('ul', { class: 'tray', hidden: true });
  private items: Item[] = [];

  constructor(
    private readonly base: string,
    private readonly session: () => Promise<string>,
    private readonly say: () => Words,
    private readonly fault: (text: string) => void,
    private readonly changed: () => void,
  ) {}

  add(files: Iterable<File>): void {
    for (const file of files) {
      if (this.items.length >= MOST_FILES) return this.fault(this.say().tooMany);
      if (file.size > MOST_BYTES) this.fault(this.say().tooBig);
      else void this.send({ file, part: 0 });
    }
  }

  /** Whether every file has arrived. */
  ready(): boolean {
    return this.items.every((item) => item.done);
  }

  empty(): boolean {
    return this.items.length === 0;
  }

  /** Gives the files away and begins anew. */
  take(): Attachment[] {
    const done = this.items.flatMap((item) => item.done ?? []);
    this.items = [];
    this.draw();
    return done;
  }

  private async send(item: Item): Promise<void> {
    this.items.push(item);
    this.draw();
    try {
      item.done = await upload(this.base, await this.session(), item.file, (part) => {
        item.part = part;
        this.draw();
      });
    } catch (error) {
      this.drop(item);
      const reason = (error as Error).message;
      this.fault(reason === 'network' ? this.say().fileFailed : reason);
    }
    this.draw();
  }

  private drop(item: Item): void {
    this.items = this.items.filter((other) => other !== item);
  }

  private draw(): void {
    this.element.hidden = this.items.length === 0;
    this.element.replaceChildren(
      ...this.items.map((item) =>
        h(
          'li',
          {},
          h('span', {}, item.file.name),
          !item.done && h('progress', { max: '1', value: String(item.part), 'aria-label': item.file.name }),
          h('button', {
            type: 'button', class: 'icon', 'aria-label': `${this.say().remove} ${item.file.name}`,
            onclick: () => { this.drop(item); this.draw(); },
          }, icon(ICONS.close)),
        ),
      ),
    );
    this.changed();
  }
}
