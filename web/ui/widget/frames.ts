/** The frames of the live chat, as the server's public contract names them. */

export type Phase = 'bot' | 'queued' | 'agent' | 'closed';

export interface Attachment {
  id: string;
  name: string;
  mime: string;
  bytes: number;
  state: 'fetching' | 'ready' | 'missing' | 'refused';
  url?: string;
}

export interface Button {
  id: string;
  label: string;
}

/** Where the visitor stands. place and wait are given while queued; wait in seconds, absent when it is not known. */
export interface Standing {
  seq: number;
  state: Phase;
  agent?: string;
  place?: number;
  wait?: { from: number; to: number };
  outages?: Outage[];
}

/** A fault of the whole programme, told while the clock stands between from and until. */
export interface Outage {
  id: string;
  text: string;
  from: string;
  until: string;
}

export interface MessageFrame {
  type: 'message';
  seq: number;
  from: 'me' | 'bot' | 'agent' | 'system';
  name?: string;
  text: string;
  language?: string;
  attachments?: Attachment[];
  buttons?: Button[];
  at: string;
  echo?: string;
}

export type ServerFrame =
  | ({ type: 'welcome' } & Standing)
  | ({ type: 'state' } & Standing)
  | MessageFrame
  | { type: 'ack'; echo: string; seq: number; at: string }
  | { type: 'reject'; echo: string; code: string; text: string }
  | { type: 'typing'; on: boolean }
  | { type: 'receipt'; seq: number; state: string }
  | { type: 'csat'; question: string; scale: number }
  | { type: 'error'; code: string; text: string }
  | { type: 'pong' };

export type ClientFrame =
  | { type: 'resume'; after: number }
  | { type: 'message'; echo: string; text: string; attachments?: string[]; button?: string }
  | { type: 'typing'; on: boolean }
  | { type: 'read'; seq: number }
  | { type: 'csat'; score: number; comment: string }
  | { type: 'end' }
  | { type: 'ping' };
