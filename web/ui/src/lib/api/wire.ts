/** The shapes the server speaks under /api/v1 and on /ws/console. Times are RFC 3339 in UTC, money is whole rupiah. */
export type Id = string;
export type Time = string;
export type Lang = 'ind' | 'jav' | 'sun' | 'mad' | 'min' | 'ban' | 'bjn' | 'bug' | 'ace' | 'bbc' | 'nij' | 'eng';
export type Kind = 'webchat' | 'whatsapp' | 'sms' | 'voice' | 'telegram' | 'email' | 'form';
export type Role = 'agent' | 'unit_officer' | 'verifier' | 'approver' | 'supervisor' | 'quality_reviewer' | 'appellate' | 'admin' | 'wallboard_reader';
export type PresenceState = 'offline' | 'available' | 'ringing' | 'on_contact' | 'wrap_up' | 'break';
export type Confidence = 'claimed' | 'proved_otp' | 'proved_provider';
export type Priority = 1 | 2 | 3 | 4;

export interface Named {
  id: Id;
  name: string;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Items<T> {
  items: T[];
}

export interface Option {
  value: string;
  label: string;
}

export interface LabelValue {
  label: string;
  value: string;
}

export interface Presence {
  state: PresenceState;
  reason?: string;
  since: Time;
  load: number;
  capacity: number;
}

export interface Me {
  id: Id;
  name: string;
  email: string;
  role: Role;
  permissions: string[];
  language: 'ind' | 'eng';
  theme: 'system' | 'light' | 'dark';
  totp_enabled: boolean;
  totp_required: boolean;
  skills: string[];
  languages: Lang[];
  teams: Named[];
  presence: Presence;
  capacity: number;
}

export interface Session {
  csrf: string;
  me: Me;
}

export interface SignIn {
  state: 'ok' | 'totp';
  csrf: string;
  me?: Me;
}

export interface TotpSetup {
  secret: string;
  uri: string;
  qr_svg: string;
}

export interface Reason {
  code: string;
  label: string;
}

export interface Person {
  contact_id: Id;
  name: string;
  address_masked: string;
  kind: Kind;
  confidence: Confidence;
  participant?: { id: Id; name: string; confidence: Confidence };
}

export interface SLA {
  due_at: Time | null;
  started_at: Time | null;
  state: 'on_track' | 'at_risk' | 'breached' | 'met' | 'none';
  rule: string;
}

export type ListName = 'mine' | 'team' | 'unassigned' | 'waiting' | 'all' | 'ended';
export type Counts = Record<Exclude<ListName, 'ended'>, number>;

export interface ConversationRow {
  id: Id;
  kind: Kind;
  inbox: string;
  person: Person;
  language: Lang;
  intent?: string;
  state: 'bot' | 'queued' | 'ringing' | 'agent' | 'wrap_up' | 'ended';
  preview: string;
  preview_from: Message['from'];
  last_at: Time;
  last_seq: number;
  unread: number;
  assignee?: Named;
  queue?: Named;
  sla: SLA;
  priority: Priority;
  waiting_since: Time | null;
  ticket_numbers: string[];
  failed: boolean;
}

export interface Draft {
  kind: 'reply' | 'note';
  text: string;
  attachments: Attachment[];
}

export interface Conversation extends ConversationRow {
  opened_at: Time;
  queued_at: Time | null;
  answered_at: Time | null;
  ended_at: Time | null;
  outcome?: string;
  summary?: string;
  facts: { code: string; text: string; at?: Time }[];
  window_closes_at: Time | null;
  can: string[];
  draft?: Draft;
  tickets: TicketRow[];
  csat?: { score: number; comment: string; at: Time };
  limits: { text_runes: number; attachment_bytes: number };
  end_outcomes: Reason[];
  agent_read_seq: number;
  visitor_read_seq: number;
}

export interface Attachment {
  id: Id;
  name: string;
  mime: string;
  bytes: number;
  state: 'fetching' | 'ready' | 'missing' | 'refused';
  url?: string;
  width?: number;
  height?: number;
}

export type DeliveryState = 'queued' | 'sending' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown';

export interface Message {
  id: Id;
  seq: number;
  from: 'citizen' | 'bot' | 'agent' | 'system';
  kind: 'message' | 'note' | 'system';
  author?: Named;
  text: string;
  language?: Lang;
  intent?: string;
  buttons: { id: string; label: string }[];
  attachments: Attachment[];
  at: Time;
  echo?: string;
  delivery?: { outbox_id: Id; state: DeliveryState; error?: string; retryable: boolean };
}

export interface Messages {
  items: Message[];
  last_seq: number;
}

export interface FailedMessage {
  id: Id;
  conversation_id: Id;
  person: Person;
  text: string;
  error: string;
  attempts: number;
  at: Time;
}

export interface ParticipantRow {
  id: Id;
  name: string;
  phone_masked: string;
  nik_masked: string;
  region: string;
  stage: string;
  language: Lang;
}

export interface Step {
  code: string;
  label: string;
  state: 'done' | 'current' | 'blocked' | 'upcoming';
  at: Time | null;
  note: string;
}

export interface Diagnosis {
  code: string;
  text: string;
  severity: 'fault' | 'waiting' | 'info';
  since: Time | null;
  remedies: string[];
}

export interface Field {
  name: string;
  label: string;
  kind: 'text' | 'textarea' | 'select' | 'date' | 'number' | 'staff' | 'queue' | 'ticket';
  required: boolean;
  options?: Option[];
  help?: string;
}

export interface RemedyOffer {
  code: string;
  label: string;
  description: string;
  money: boolean;
  needs_evidence: boolean;
  approver_role?: Role;
  fields: Field[];
  blocked_because?: string;
}

export interface Training {
  id: Id;
  title: string;
  provider: string;
  mode: string;
  price: number;
  bought_at: Time;
  redeem_state: string;
  sessions: { at: Time; state: string }[];
  pre_test?: number;
  post_test?: number;
  certificate?: { number: string; issued_at: Time; state: string };
  rating?: number;
}

export interface Transfer {
  id: Id;
  at: Time;
  amount: number;
  state: string;
  institution: string;
  number_masked: string;
  return_code?: string;
  return_text?: string;
}

export interface Incentive {
  id: Id;
  kind: string;
  amount: number;
  state: string;
  due_at: Time | null;
  transfers: Transfer[];
}

export interface PayoutAccount {
  id: Id;
  kind: 'bank' | 'ewallet';
  institution: string;
  number_masked: string;
  holder: string;
  state: string;
  linked_at: Time;
}

export interface Change {
  id: Id;
  remedy: string;
  label: string;
  at: Time;
  actor: string;
  approver?: string;
  reason: string;
  before: Record<string, string>;
  after: Record<string, string>;
  evidence: Attachment[];
  ticket_number?: string;
}

export interface ParticipantRecord {
  participant: {
    id: Id;
    name: string;
    programme_number?: string;
    phone_masked: string;
    email_masked: string;
    nik_masked: string;
    birth_date_masked: string;
    region: string;
    language: Lang;
    stage: string;
    scheme: string;
  };
  journey: Step[];
  diagnoses: Diagnosis[];
  remedies: RemedyOffer[];
  batch: { number?: number; name?: string; state: string; joined_at?: Time | null; decided_at?: Time | null }[];
  trainings: Training[];
  payout_account: PayoutAccount | null;
  incentives: Incentive[];
  balance: number;
  changes: Change[];
  open_approvals: ApprovalRow[];
}

export type MaskedField = 'nik' | 'phone' | 'email' | 'birth_date' | 'account';

export interface RemedyPreview {
  before: LabelValue[];
  after: LabelValue[];
  changed: string[];
  errors: { field: string; message: string }[];
  approver_role?: Role;
}

export interface RemedyDone {
  status: 'applied' | 'awaiting_approval';
  change_id?: Id;
  approval_id?: Id;
}

export interface AccessLine {
  at: Time;
  actor: string;
  reason: string;
  fields: string[];
}

export interface ApprovalRow {
  id: Id;
  act: string;
  label: string;
  state: 'open' | 'approved' | 'refused' | 'expired';
  amount?: number;
  participant: ParticipantRow;
  requested_by: string;
  requested_at: Time;
  expires_at: Time;
  reason: string;
  before: LabelValue[];
  after: LabelValue[];
  evidence: Attachment[];
  conversation_id?: Id;
  ticket_number?: string;
  decided_by?: string;
  decided_at?: Time;
  note?: string;
  can_decide: boolean;
  why_not?: string;
}

export interface TicketRow {
  id: Id;
  number: string;
  subject: string;
  state: string;
  closed_reason?: string;
  class: string;
  oversight: boolean | null;
  category: string;
  category_label: string;
  priority: Priority;
  level: number;
  owner?: Named;
  queue?: Named;
  person: string;
  registered_at: Time;
  due_at: Time | null;
  sla: SLA;
  version: number;
}

export interface TicketClock {
  name: string;
  started_at: Time;
  due_at: Time | null;
  used_seconds: number;
  state: string;
  intervals: { from: Time; to: Time | null; counted: boolean; rule: string }[];
}

export interface AllowedEvent {
  event: string;
  label: string;
  fields: Field[];
}

export interface TicketLine {
  at: Time;
  event: string;
  label: string;
  actor: string;
  role: string;
  from?: string;
  to?: string;
  fields: Record<string, string>;
  reason?: string;
}

export interface Ticket extends TicketRow {
  text: string;
  outcome?: string;
  root_cause?: string;
  public_answer?: string;
  clocks: TicketClock[];
  allowed: AllowedEvent[];
  history: TicketLine[];
  conversations: ConversationRow[];
  participant?: ParticipantRow;
  changes: Change[];
}

export interface Category {
  code: string;
  label: string;
  group: string;
  group_label: string;
  class_default: string;
  target_hours: number;
  queue: string;
}

export interface Codes {
  outcomes: Option[];
  root_causes: Option[];
  rejections: Option[];
  closings: Option[];
}

export interface StaffRow {
  id: Id;
  name: string;
  role: Role;
  presence: Presence;
  languages: Lang[];
  skills: string[];
}

export interface QueueRow {
  id: Id;
  slug: string;
  name: string;
  waiting: number;
  available: number;
}

export interface ArticleHit {
  id: Id;
  slug: string;
  title: string;
  excerpt: string;
  intent?: string;
  language: Lang;
  audience: 'public' | 'staff';
}

export interface ArticleVersion {
  language: Lang;
  title: string;
  body: string;
  html: string;
  answer: string;
  state: 'draft' | 'published';
  author: string;
  at: Time;
}

export interface Article {
  id: Id;
  slug: string;
  intent?: string;
  audience: 'public' | 'staff';
  versions: ArticleVersion[];
}

export interface Macro {
  id: Id;
  shortcut: string;
  title: string;
  text: string;
  language: Lang;
}

export interface Figure {
  value: number | null;
  unit: 'count' | 'seconds' | 'ratio' | 'score';
  state: 'ok' | 'warn' | 'alarm' | 'no_data';
  formula: string;
  n?: number;
  trend: (number | null)[];
}

export type HeadlineName = 'waiting' | 'longest_wait' | 'service_level' | 'abandoned' | 'agents_available' | 'csat';

export interface WallRow {
  kind: Kind;
  queue_id: Id;
  queue: string;
  waiting: number;
  longest_wait_s: number | null;
  offered: number;
  answered: number;
  abandoned: number;
  service_level: number | null;
  asa_s: number | null;
  aht_s: number | null;
  csat: number | null;
  bot: number;
  with_agent: number;
}

export interface WallAgent {
  id?: Id;
  name: string;
  state: PresenceState;
  reason?: string;
  since: Time;
  load: number;
  capacity: number;
}

export interface Wallboard {
  at: Time;
  today_from: Time;
  headline: Record<HeadlineName, Figure>;
  alarms: { code: string; text: string; since: Time; severity: 'warn' | 'alarm' }[];
  rows: WallRow[];
  agents: WallAgent[];
  agent_counts: Record<PresenceState, number>;
  tickets: { open: number; at_risk: number; breached: number };
}

export interface Formula {
  code: string;
  title: string;
  text: string;
}

/** What the server sends on the console socket. */
export type ServerFrame =
  | { type: 'welcome'; at: Time; presence: Presence; counts: Counts }
  | { type: 'row'; row: ConversationRow; lists: ListName[] }
  | { type: 'counts'; counts: Counts }
  | { type: 'thread'; conversation: Id; seq: number }
  | { type: 'receipt'; conversation: Id; seq: number; state: DeliveryState; error?: string }
  | { type: 'typing'; conversation: Id; who: 'citizen' | 'agent' | 'bot'; name: string; on: boolean }
  | { type: 'viewers'; conversation: Id; staff: (Named & { typing: boolean })[] }
  | { type: 'offer'; conversation: Id; until: Time }
  | { type: 'presence'; presence: Presence }
  | { type: 'stale'; keys: string[] }
  | { type: 'wallboard'; snapshot: Wallboard }
  | { type: 'session_end' }
  | { type: 'error'; code: string; text: string }
  | { type: 'pong' };

/** What the console sends. */
export type ClientFrame =
  | { type: 'hello'; lists: ListName[] }
  | { type: 'lists'; lists: ListName[] }
  | { type: 'open'; conversation: Id; after: number }
  | { type: 'close'; conversation: Id }
  | { type: 'typing'; conversation: Id; on: boolean }
  | { type: 'wallboard'; on: boolean }
  | { type: 'ping' };
