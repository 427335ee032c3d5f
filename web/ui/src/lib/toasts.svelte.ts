export type Tone = 'info' | 'good' | 'bad';

export interface Toast {
  id: number;
  tone: Tone;
  text: string;
  action?: { label: string; run: () => void };
}

let next = 1;

/** What the toast region shows now, oldest first. */
export const toasts = $state<Toast[]>([]);

/** Says something once; good news leaves after 5 s, bad news stays until dismissed. */
export function say(tone: Tone, text: string, action?: Toast['action']): void {
  const id = next++;
  toasts.push(action ? { id, tone, text, action } : { id, tone, text });
  if (toasts.length > 4) toasts.shift();
  if (tone !== 'bad') setTimeout(() => dismiss(id), action ? 8000 : 5000);
}

export function dismiss(id: number): void {
  const at = toasts.findIndex((one) => one.id === id);
  if (at >= 0) toasts.splice(at, 1);
}
