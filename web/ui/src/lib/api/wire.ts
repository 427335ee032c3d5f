import type { components } from './schema';

/**
 * The shapes the server speaks under /api/v1 and on /ws/console. Those of the API come from its own description (schema.d.ts, by `npm run types`);
 * the socket's frames are written here. Times are RFC 3339 in UTC, money is whole rupiah, languages are ISO 639-3.
 */
type S = components['schemas'];

export type Id = string;
export type Time = string;

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Items<T> {
  items: T[];
}

export type Named = S['Named'];
export type Option = S['Option'];
export type LabelValue = S['LabelValue'];
export type Reason = S['Reason'];
export type Field = S['Field'];

export type Presence = S['Presence'];
export type PresenceState = Presence['state'];
export type Me = S['Me'];
export type Session = S['Session'];
export type SignIn = S['SignedIn'];
export type TotpSetup = S['Enrolment'];

export type Person = S['Person'];
export type ConversationRow = S['ConversationRow'];
export type Conversation = S['Conversation'];
export type Counts = S['Counts'];
export type HeldReply = S['HeldReply'];
export type Template = S['Template'];
export type TemplateSetting = S['TemplateSetting'];
export type Reach = S['Reach'];
export type Begun = S['Begun'];
export type OutreachOptions = S['OutreachOptions'];
export type Tag = S['Tag'];
export type SnoozeChoice = S['SnoozeChoice'];
export type ListName = keyof Counts | 'ended' | 'mentioned';
export type SavedView = S['SavedView'];
export type Mention = S['Mention'];
export type Unread = S['Unread'];
export type Attachment = S['Attachment'];
export type Message = S['Message'];
export type Messages = S['Messages'];
export type DeliveryState = S['Delivery']['state'];
export type FailedMessage = S['FailedMessage'];
export type Suggestions = S['Suggestions'];
export type History = S['History'];

export type ParticipantRow = S['ParticipantRow'];
export type ParticipantRecord = S['Record'];
export type Step = S['Step'];
export type Diagnosis = S['Diagnosis'];
export type RemedyOffer = S['RemedyOffer'];
export type RemedyPreview = S['Preview'];
export type RemedyDone = S['RemedyDone'];
export type Change = S['Change'];
export type AccessLine = S['AccessLine'];
export type MaskedField = S['UnmaskInputBody']['field'];
export type ApprovalRow = S['ApprovalRow'];

export type TicketRow = S['TicketRow'];
export type Ticket = S['Ticket'];
export type TicketClock = S['TicketClock'];
export type AllowedEvent = S['AllowedEvent'];
export type Found = S['Found'];
export type FoundConversation = S['FoundConversation'];
export type FoundKind = keyof Omit<Found, 'mistyped'>;
export type Piece = S['Piece'];

export type Category = S['Category'];
export type Codes = S['Codes'];

export type StaffRow = S['StaffRow'];
export type QueueRow = S['QueueRow'];
export type ArticleHit = S['ArticleHit'];
export type Article = S['Article'];
export type Macro = S['Macro'];

export type Figure = S['Figure'];
export type HeadlineName = keyof S['Headline'];
export type WallRow = S['WallRow'];
export type WallAgent = S['WallAgent'];
export type Wallboard = S['Wallboard'];
export type Formula = S['Formula'];
export type FormulaCode = Formula['code'];
export type Measure = Formula['cases'][number];
export type Case = S['Case'];
export type Cases = S['Cases'];
export type Report = S['Report'];
export type ReportColumn = S['ReportColumn'];
export type ReportRow = S['ReportRow'];

/** Every measure whose cases can be listed; the type keeps it whole. */
export const measures = Object.keys({
  waiting: 0, offered: 0, answered: 0, abandoned: 0, left_queue: 0, service_level: 0, within: 0, outside: 0, handled: 0, csat: 0, csat_good: 0,
  bot: 0, with_agent: 0, held: 0, tickets_open: 0, tickets_at_risk: 0, tickets_breached: 0,
} satisfies Record<Measure, 0>) as Measure[];

export type StaffSetting = S['StaffSetting'];
export type StaffProfile = Pick<StaffSetting, 'name' | 'role' | 'capacity' | 'limits' | 'languages' | 'skills' | 'teams'>;
export type StaffLink = S['StaffLink'];
export type OpenedLink = S['OpenedLink'];
export type RoleRights = S['RoleRights'];
export type TeamSetting = S['TeamSetting'];
export type SkillSetting = S['SkillSetting'];
export type QueueSetting = S['QueueSetting'];
export type HoursSetting = S['HoursSetting'];
export type HoursPeriod = S['HoursPeriod'];
export type HolidaySettings = S['HolidaySettings'];
export type HolidaySetting = S['HolidaySetting'];
export type CSATSetting = S['CSATSetting'];
export type OutageNotice = S['OutageNotice'];
export type OutageSetting = S['OutageSetting'];
export type ApiKey = S['APIKey'];
export type ApiKeys = S['ApiKeys'];
export type MadeKey = S['MadeKey'];
export type Webhook = S['Webhook'];
export type Webhooks = S['Webhooks'];
export type WebhookSecret = S['WebhookSecret'];
export type WebhookDelivery = S['WebhookDelivery'];
export type TagSetting = S['TagSetting'];
export type InboxSetting = S['InboxSetting'];
export type InboxSettings = S['InboxSettings'];
export type Checked = S['Checked'];
export type SettingChange = S['SettingChange'];

/** What the server sends on the console socket. */
export type ServerFrame =
  | { type: 'welcome'; at: Time; presence: Presence; counts: Counts }
  | { type: 'row'; row: ConversationRow; lists: ListName[] }
  | { type: 'counts'; counts: Counts }
  | { type: 'thread'; conversation: Id; seq: number }
  | { type: 'receipt'; conversation: Id; seq: number; state: DeliveryState; error?: string }
  | { type: 'typing'; conversation: Id; who: 'citizen' | 'agent' | 'bot' | 'note'; name: string; on: boolean }
  | { type: 'viewers'; conversation: Id; staff: (Named & { typing: boolean; noting: boolean })[] }
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
  | { type: 'typing'; conversation: Id; on: boolean; note: boolean }
  | { type: 'wallboard'; on: boolean }
  | { type: 'ping' };
