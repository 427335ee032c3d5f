import type { InboxSetting } from '$/lib/api/wire';

/** What a form holds of an inbox: the sites one a line, and never the token that is stored. */
export function draftOf(from: InboxSetting | null) {
  return {
    kind: from?.kind ?? 'whatsapp', slug: from?.slug ?? '', name: from?.name ?? '', language: from?.language ?? 'ind', bot: from?.bot ?? true,
    address: from?.address ?? '', account_sid: from?.account_sid ?? '', auth_token: '', messaging_service: from?.messaging_service ?? '',
    api_base: from?.api_base ?? '', per_second: from?.per_second ?? 0, sites: from?.origins.join('\n') ?? '',
  };
}
