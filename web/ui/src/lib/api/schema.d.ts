/* Written by dev/types.mjs from /api/openapi.json; do not edit. */
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        APIKey: {
            /** Format: date-time */
            created_at: string;
            created_by: string;
            /** Format: date-time */
            expires_at?: string;
            id: string;
            /** Format: date-time */
            last_used_at?: string;
            name: string;
            networks: string[];
            prefix: string;
            /** Format: date-time */
            revoked_at?: string;
            scopes: string[];
            /** @enum {string} */
            state: "active" | "expired" | "revoked";
        };
        AccessLine: {
            actor: string;
            /** Format: date-time */
            at: string;
            fields: string[];
            reason: string;
        };
        ActInputBody: {
            event: string;
            fields?: {
                [key: string]: string;
            };
            key?: string;
            /** Format: int64 */
            version: number;
        };
        Alarm: {
            code: string;
            /** @enum {string} */
            severity: "warn" | "alarm";
            /** Format: date-time */
            since: string;
            text: string;
        };
        AllowedEvent: {
            event: string;
            fields: components["schemas"]["Field"][];
            label: string;
        };
        ApiKeys: {
            items: components["schemas"]["APIKey"][];
            scopes: string[];
        };
        ApprovalRow: {
            act: string;
            after: components["schemas"]["LabelValue"][];
            /** Format: int64 */
            amount?: number;
            before: components["schemas"]["LabelValue"][];
            can_decide: boolean;
            conversation_id?: string;
            /** Format: date-time */
            decided_at?: string;
            decided_by?: string;
            evidence: components["schemas"]["Attachment"][];
            /** Format: date-time */
            expires_at: string;
            id: string;
            label: string;
            note?: string;
            participant: components["schemas"]["ParticipantRow"];
            reason: string;
            /** Format: date-time */
            requested_at: string;
            requested_by: string;
            /** @enum {string} */
            state: "open" | "approved" | "refused" | "expired";
            ticket_number?: string;
            why_not?: string;
        };
        ApproveInputBody: {
            note?: string;
        };
        Article: {
            /** @enum {string} */
            audience: "public" | "staff";
            id: string;
            intent?: string;
            slug: string;
            versions: components["schemas"]["ArticleVersion"][];
        };
        ArticleHit: {
            /** @enum {string} */
            audience: "public" | "staff";
            excerpt: string;
            id: string;
            intent?: string;
            language: string;
            slug: string;
            title: string;
        };
        ArticleVersion: {
            answer: string;
            /** Format: date-time */
            at: string;
            author: string;
            body: string;
            html: string;
            language: string;
            /** @enum {string} */
            state: "draft" | "published";
            title: string;
        };
        AssignInputBody: {
            note?: string;
            /** Format: uuid */
            queue_id?: string;
            /** Format: uuid */
            staff_id?: string;
            /** Format: uuid */
            unit_id?: string;
        };
        Attachment: {
            /** @description A missing file that may be asked for once more */
            again?: boolean;
            /** Format: int64 */
            bytes: number;
            /** Format: int64 */
            height?: number;
            id: string;
            mime: string;
            name: string;
            /** @enum {string} */
            state: "fetching" | "ready" | "missing" | "refused";
            url?: string;
            /** Format: int64 */
            width?: number;
        };
        BatchLine: {
            /** Format: date-time */
            decided_at?: string;
            /** Format: date-time */
            joined_at?: string;
            /** Format: int64 */
            number?: number;
            state: string;
        };
        BeginInputBody: {
            echo: string;
            /** Format: uuid */
            inbox_id: string;
            /** Format: uuid */
            participant_id?: string;
            phone?: string;
            /** Format: uuid */
            point_id?: string;
            template?: components["schemas"]["Templated"];
            text?: string;
        };
        Begun: {
            conversation_id: string;
            /** @description It was open already; nothing was sent */
            open: boolean;
        };
        BestFoundConversation: {
            items: components["schemas"]["FoundConversation"][];
            more: boolean;
        };
        BestParticipantRow: {
            items: components["schemas"]["ParticipantRow"][];
            more: boolean;
        };
        BestTag: {
            items: components["schemas"]["Tag"][];
            more: boolean;
        };
        BestTicketRow: {
            items: components["schemas"]["TicketRow"][];
            more: boolean;
        };
        Button: {
            id: string;
            label: string;
        };
        CSAT: {
            /** Format: date-time */
            at: string;
            comment: string;
            /** Format: int64 */
            score: number;
        };
        CSATInbox: {
            asks: boolean;
            id: string;
            kind: string;
            name: string;
        };
        CSATSetting: {
            inboxes: components["schemas"]["CSATInbox"][];
            past: components["schemas"]["CSATVersion"][];
            texts: {
                [key: string]: string;
            };
            /** Format: int64 */
            version: number;
        };
        CSATVersion: {
            /** Format: int64 */
            answered: number;
            /** Format: int64 */
            asked: number;
            /** Format: date-time */
            from: string;
            /** Format: int64 */
            good: number;
            texts: {
                [key: string]: string;
            };
            /** Format: int64 */
            version: number;
        };
        Case: {
            /** Format: date-time */
            at: string;
            conversation?: components["schemas"]["ConversationRow"];
            how: string;
            id: string;
            queue: string;
            /** Format: int64 */
            score?: number;
            /** Format: double */
            seconds: number | null;
            staff: string;
            ticket?: components["schemas"]["TicketRow"];
        };
        Cases: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            hidden: number;
            items: components["schemas"]["Case"][];
            next: string | null;
            /** Format: int64 */
            total: number;
        };
        Category: {
            class_default: string;
            code: string;
            group: string;
            group_label: string;
            label: string;
            queue: string;
            /** Format: int64 */
            target_hours: number;
        };
        Certificate: {
            /** Format: date-time */
            issued_at: string;
            number: string;
            state: string;
        };
        Change: {
            actor: string;
            after: {
                [key: string]: string;
            };
            approver?: string;
            /** Format: date-time */
            at: string;
            before: {
                [key: string]: string;
            };
            evidence: components["schemas"]["Attachment"][];
            id: string;
            label: string;
            reason: string;
            remedy: string;
            ticket_number?: string;
        };
        Checked: {
            good: boolean;
            text: string;
        };
        Clear: {
            value: string;
        };
        CodeInputBody: {
            code: string;
        };
        Codes: {
            closings: components["schemas"]["Option"][];
            outcomes: components["schemas"]["Option"][];
            rejections: components["schemas"]["Option"][];
            root_causes: components["schemas"]["Option"][];
        };
        Conversation: {
            /** Format: int64 */
            agent_read_seq: number;
            /** Format: date-time */
            answered_at: string | null;
            assignee?: components["schemas"]["Named"];
            can: string[];
            csat?: components["schemas"]["CSAT"];
            drafts: components["schemas"]["Draft"][];
            end_outcomes: components["schemas"]["Reason"][];
            /** Format: date-time */
            ended_at: string | null;
            facts: components["schemas"]["Fact"][];
            failed: boolean;
            held: components["schemas"]["HeldReply"][];
            id: string;
            inbox: string;
            intent?: string;
            kind: string;
            language: string;
            /** Format: date-time */
            last_at: string;
            /** Format: int64 */
            last_seq: number;
            limits: components["schemas"]["Limits"];
            /** Format: date-time */
            opened_at: string;
            /**
             * Format: date-time
             * @description Since when the citizen wants no messages but answers
             */
            opted_out_at: string | null;
            outcome?: components["schemas"]["Reason"];
            passed?: components["schemas"]["Passed"];
            person: components["schemas"]["Person"];
            preview: string;
            /** @enum {string} */
            preview_from: "citizen" | "bot" | "agent" | "system";
            /** Format: int64 */
            priority: number;
            queue?: components["schemas"]["Named"];
            /** Format: date-time */
            queued_at: string | null;
            sla: components["schemas"]["SLA"];
            /** Format: date-time */
            snoozed_until: string | null;
            /** @enum {string} */
            state: "bot" | "queued" | "ringing" | "agent" | "snoozed" | "wrap_up" | "ended";
            summary?: string;
            tags: components["schemas"]["Tag"][];
            ticket_numbers: string[];
            tickets: components["schemas"]["TicketRow"][];
            /** Format: int64 */
            unread: number;
            /** Format: int64 */
            visitor_read_seq: number;
            /** Format: date-time */
            waiting_since: string | null;
            /** Format: date-time */
            window_closes_at: string | null;
        };
        ConversationRow: {
            assignee?: components["schemas"]["Named"];
            failed: boolean;
            id: string;
            inbox: string;
            intent?: string;
            kind: string;
            language: string;
            /** Format: date-time */
            last_at: string;
            /** Format: int64 */
            last_seq: number;
            passed?: components["schemas"]["Passed"];
            person: components["schemas"]["Person"];
            preview: string;
            /** @enum {string} */
            preview_from: "citizen" | "bot" | "agent" | "system";
            /** Format: int64 */
            priority: number;
            queue?: components["schemas"]["Named"];
            sla: components["schemas"]["SLA"];
            /** Format: date-time */
            snoozed_until: string | null;
            /** @enum {string} */
            state: "bot" | "queued" | "ringing" | "agent" | "snoozed" | "wrap_up" | "ended";
            tags: components["schemas"]["Tag"][];
            ticket_numbers: string[];
            /** Format: int64 */
            unread: number;
            /** Format: date-time */
            waiting_since: string | null;
        };
        Counts: {
            /** Format: int64 */
            all: number;
            /** Format: int64 */
            mine: number;
            /** Format: int64 */
            snoozed: number;
            /** Format: int64 */
            team: number;
            /** Format: int64 */
            unassigned: number;
            /** Format: int64 */
            waiting: number;
        };
        CreateArticleInputBody: {
            /** @enum {string} */
            audience: "public" | "staff";
            intent?: string;
            slug: string;
        };
        CreateInboxInputBody: {
            account_sid: string;
            address: string;
            api_base: string;
            auth_token?: string;
            bot: boolean;
            /** @enum {string} */
            kind: "webchat" | "whatsapp" | "sms";
            language: string;
            messaging_service: string;
            name: string;
            origins: string[];
            /** Format: int64 */
            per_second: number;
            slug: string;
        };
        CreateTagInputBody: {
            name: string;
            tone: string;
        };
        CsatInputBody: {
            off: string[];
            texts: {
                [key: string]: string;
            };
            /** Format: int64 */
            version: number;
        };
        Delivery: {
            error?: string;
            outbox_id: string;
            retryable: boolean;
            /** @enum {string} */
            state: "queued" | "sending" | "sent" | "delivered" | "read" | "failed" | "unknown";
        };
        Diagnosis: {
            code: string;
            remedies: string[];
            /** @enum {string} */
            severity: "fault" | "waiting" | "info";
            /** Format: date-time */
            since: string | null;
            text: string;
        };
        Draft: {
            attachments: components["schemas"]["Attachment"][];
            /** @enum {string} */
            kind: "reply" | "note";
            text: string;
        };
        DraftInputBody: {
            attachments?: string[];
            /** @enum {string} */
            kind: "reply" | "note";
            text: string;
        };
        EndInputBody: {
            outcome: string;
        };
        Enrolment: {
            qr_svg: string;
            secret: string;
            uri: string;
        };
        ErrorDetail: {
            /** @description Where the error occurred, e.g. 'body.items[3].tags' or 'path.thing-id' */
            location?: string;
            /** @description Error message text */
            message?: string;
            /** @description The value at the given location */
            value?: unknown;
        };
        ErrorModel: {
            /**
             * @description A human-readable explanation specific to this occurrence of the problem.
             * @example Property foo is required but is missing.
             */
            detail?: string;
            /** @description Optional list of individual error details */
            errors?: components["schemas"]["ErrorDetail"][] | null;
            /**
             * Format: uri
             * @description A URI reference that identifies the specific occurrence of the problem.
             * @example https://example.com/error-log/abc123
             */
            instance?: string;
            /**
             * Format: int64
             * @description HTTP status code
             * @example 400
             */
            status?: number;
            /**
             * @description A short, human-readable summary of the problem type. This value should not change between occurrences of the error.
             * @example Bad Request
             */
            title?: string;
            /**
             * Format: uri
             * @description A URI reference to human-readable documentation for the error.
             * @default about:blank
             * @example https://example.com/errors/example
             */
            type: string;
        };
        Fact: {
            /** Format: date-time */
            at?: string;
            code: string;
            text: string;
        };
        FailedMessage: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            attempts: number;
            conversation_id: string;
            error: string;
            id: string;
            person: components["schemas"]["Person"];
            text: string;
        };
        Field: {
            help?: string;
            /** @enum {string} */
            kind: "text" | "textarea" | "select" | "date" | "number" | "staff" | "queue" | "ticket";
            label: string;
            name: string;
            options?: components["schemas"]["Option"][] | null;
            required: boolean;
        };
        FieldChange: {
            after: string;
            before: string;
            field: string;
        };
        FieldMessage: {
            field: string;
            message: string;
        };
        Figure: {
            formula: string;
            /** Format: int64 */
            n?: number;
            /** @enum {string} */
            state: "ok" | "warn" | "alarm" | "no_data";
            trend: (number | null)[];
            /** @enum {string} */
            unit: "count" | "seconds" | "ratio" | "score";
            /** Format: double */
            value: number | null;
        };
        Filter: {
            holder: string;
            kinds: string[];
            languages: string[];
            queues: string[];
            tags: string[];
        };
        FindInputBody: {
            kinds?: ("tickets" | "people" | "conversations" | "tags")[] | null;
            q: string;
        };
        Formula: {
            cases: ("waiting" | "offered" | "answered" | "abandoned" | "left_queue" | "service_level" | "within" | "outside" | "handled" | "csat" | "csat_good" | "bot" | "with_agent" | "held" | "tickets_open" | "tickets_at_risk" | "tickets_breached")[];
            /** @enum {string} */
            code: "waiting" | "longest_wait" | "service_level" | "abandoned" | "agents_available" | "csat" | "with_agent" | "bot" | "offered" | "answered" | "abandoned_count" | "asa" | "aht" | "tickets_open" | "tickets_at_risk" | "tickets_breached" | "agent_states" | "agent_load";
            text: string;
            title: string;
        };
        Found: {
            conversations?: components["schemas"]["BestFoundConversation"];
            mistyped: boolean;
            people?: components["schemas"]["BestParticipantRow"];
            tags?: components["schemas"]["BestTag"];
            tickets?: components["schemas"]["BestTicketRow"];
        };
        FoundConversation: {
            line?: components["schemas"]["FoundLine"];
            row: components["schemas"]["ConversationRow"];
        };
        FoundLine: {
            /** Format: date-time */
            at: string;
            excerpt: components["schemas"]["Piece"][];
            /** @enum {string} */
            from: "citizen" | "bot" | "agent" | "system";
            /** Format: int64 */
            seq: number;
        };
        Headline: {
            abandoned: components["schemas"]["Figure"];
            agents_available: components["schemas"]["Figure"];
            csat: components["schemas"]["Figure"];
            longest_wait: components["schemas"]["Figure"];
            service_level: components["schemas"]["Figure"];
            waiting: components["schemas"]["Figure"];
        };
        HeldReply: {
            attachments: components["schemas"]["Attachment"][];
            author: components["schemas"]["Named"];
            /** Format: date-time */
            due_at: string;
            id: string;
            /** @description Why it was not sent at its time */
            reason?: string;
            /** @description The citizen has written since: it will not be sent by itself */
            stale: boolean;
            /** @enum {string} */
            state: "held" | "stopped";
            text: string;
            /** @description Held for its author to take back, not for its hour */
            undo: boolean;
        };
        History: {
            conversations: components["schemas"]["ConversationRow"][];
            tickets: components["schemas"]["TicketRow"][];
        };
        HoldInputBody: {
            /**
             * Format: date-time
             * @description When to send it; without, it waits to be taken back
             */
            at?: string;
            attachments?: string[];
            echo: string;
            /** Format: int64 */
            seen_seq?: number;
            text: string;
        };
        HolidaySetting: {
            day: string;
            /** @enum {string} */
            kind: "national" | "joint_leave";
            name?: string;
        };
        HolidaySettings: {
            items: components["schemas"]["HolidaySetting"][];
            loaded: boolean;
            missing: number[];
            /** Format: int64 */
            undated: number;
            /** Format: int64 */
            year: number;
            years: number[];
        };
        HoursPeriod: {
            /** Format: int64 */
            closes: number;
            /** Format: int64 */
            opens: number;
            /** Format: int64 */
            weekday: number;
        };
        HoursSetting: {
            closed_on_days_off: boolean;
            from: string;
            id?: string;
            periods: components["schemas"]["HoursPeriod"][];
            /** @enum {string} */
            state?: "past" | "current" | "coming";
            /** Format: int64 */
            version: number;
        };
        ImportHolidaysInputBody: {
            text: string;
        };
        InboxChoice: {
            id: string;
            kind: string;
            name: string;
        };
        InboxSetting: {
            account_sid: string;
            address: string;
            api_base: string;
            auth_token?: string;
            bot: boolean;
            /** Format: date-time */
            former_until: string | null;
            has_token: boolean;
            hook: string;
            hook_status: string;
            id: string;
            /** @enum {string} */
            kind: "webchat" | "whatsapp" | "sms" | "voice" | "telegram" | "email" | "form";
            language: string;
            messaging_service: string;
            name: string;
            origins: string[];
            /** Format: int64 */
            per_second: number;
            /** Format: date-time */
            refused_at: string | null;
            /** Format: date-time */
            seen_at: string | null;
            slug: string;
            /** @enum {string} */
            status: "active" | "paused" | "closed";
            /** Format: date-time */
            token_at: string | null;
            trouble: string;
            /** Format: date-time */
            trouble_at: string | null;
            /** Format: int64 */
            version: number;
        };
        InboxSettings: {
            bases: string[];
            items: components["schemas"]["InboxSetting"][];
        };
        Incentive: {
            /** Format: int64 */
            amount: number;
            /** Format: date-time */
            due_at: string | null;
            id: string;
            kind: string;
            state: string;
            transfers: components["schemas"]["Transfer"][];
        };
        Interval: {
            counted: boolean;
            /** Format: date-time */
            from: string;
            rule: string;
            /** Format: date-time */
            to: string | null;
        };
        InviteInputBody: {
            /** Format: int64 */
            capacity: number;
            email: string;
            languages: string[];
            limits: {
                [key: string]: number;
            };
            name: string;
            role: string;
            skills: components["schemas"]["SkillLevel"][];
            teams: components["schemas"]["Membership"][];
        };
        ItemsAccessLine: {
            items: components["schemas"]["AccessLine"][];
        };
        ItemsArticleHit: {
            items: components["schemas"]["ArticleHit"][];
        };
        ItemsCategory: {
            items: components["schemas"]["Category"][];
        };
        ItemsFormula: {
            items: components["schemas"]["Formula"][];
        };
        ItemsHoursSetting: {
            items: components["schemas"]["HoursSetting"][];
        };
        ItemsMacro: {
            items: components["schemas"]["Macro"][];
        };
        ItemsNamed: {
            items: components["schemas"]["Named"][];
        };
        ItemsOutageNotice: {
            items: components["schemas"]["OutageNotice"][];
        };
        ItemsOutageSetting: {
            items: components["schemas"]["OutageSetting"][];
        };
        ItemsParticipantRow: {
            items: components["schemas"]["ParticipantRow"][];
        };
        ItemsQueueRow: {
            items: components["schemas"]["QueueRow"][];
        };
        ItemsQueueSetting: {
            items: components["schemas"]["QueueSetting"][];
        };
        ItemsReason: {
            items: components["schemas"]["Reason"][];
        };
        ItemsRoleRights: {
            items: components["schemas"]["RoleRights"][];
        };
        ItemsSavedView: {
            items: components["schemas"]["SavedView"][];
        };
        ItemsSettingChange: {
            items: components["schemas"]["SettingChange"][];
        };
        ItemsSkillSetting: {
            items: components["schemas"]["SkillSetting"][];
        };
        ItemsSnoozeChoice: {
            items: components["schemas"]["SnoozeChoice"][];
        };
        ItemsStaffRow: {
            items: components["schemas"]["StaffRow"][];
        };
        ItemsStaffSetting: {
            items: components["schemas"]["StaffSetting"][];
        };
        ItemsTag: {
            items: components["schemas"]["Tag"][];
        };
        ItemsTagSetting: {
            items: components["schemas"]["TagSetting"][];
        };
        ItemsTeamSetting: {
            items: components["schemas"]["TeamSetting"][];
        };
        ItemsTemplate: {
            items: components["schemas"]["Template"][];
        };
        ItemsTemplateSetting: {
            items: components["schemas"]["TemplateSetting"][];
        };
        ItemsTicketRow: {
            items: components["schemas"]["TicketRow"][];
        };
        ItemsWebhookDelivery: {
            items: components["schemas"]["WebhookDelivery"][];
        };
        LabelValue: {
            label: string;
            value: string;
        };
        Limits: {
            /** Format: int64 */
            attachment_bytes: number;
            /** Format: int64 */
            text_runes: number;
            /** @description A reply may be held for some seconds to be taken back */
            undo: boolean;
        };
        LooksInputBody: {
            /** @enum {string} */
            language?: "ind" | "eng";
            /** @enum {string} */
            theme?: "system" | "light" | "dark";
            /**
             * Format: int64
             * @enum {integer}
             */
            undo_seconds?: 0 | 5 | 10;
        };
        Macro: {
            id: string;
            language: string;
            shortcut: string;
            text: string;
            title: string;
        };
        MadeKey: {
            key: components["schemas"]["APIKey"];
            secret: string;
        };
        MakeKeyInputBody: {
            /** Format: date-time */
            expires_at?: string;
            name: string;
            networks?: string[];
            scopes: string[];
        };
        Me: {
            /** Format: int64 */
            capacity: number;
            email: string;
            id: string;
            /** @enum {string} */
            language: "ind" | "eng";
            languages: string[];
            name: string;
            permissions: string[];
            presence: components["schemas"]["Presence"];
            role: string;
            skills: string[];
            teams: components["schemas"]["Named"][];
            /** @enum {string} */
            theme: "system" | "light" | "dark";
            totp_enabled: boolean;
            totp_required: boolean;
            /**
             * Format: int64
             * @description For how long a reply waits to be taken back
             * @enum {integer}
             */
            undo_seconds: 0 | 5 | 10;
        };
        Meeting: {
            /** Format: date-time */
            at: string;
            state: string;
        };
        Membership: {
            /** Format: uuid */
            id: string;
            lead: boolean;
            name?: string;
        };
        Mention: {
            /** Format: date-time */
            at: string;
            by: string;
            conversation_id: string;
            person: string;
            read: boolean;
            /** Format: int64 */
            seq: number;
            text: string;
        };
        MergeTagInputBody: {
            /** Format: uuid */
            into: string;
            /** Format: int64 */
            version: number;
        };
        Message: {
            /** Format: date-time */
            at: string;
            attachments: components["schemas"]["Attachment"][];
            author?: components["schemas"]["Named"];
            buttons: components["schemas"]["Button"][];
            delivery?: components["schemas"]["Delivery"];
            echo?: string;
            /** @enum {string} */
            from: "citizen" | "bot" | "agent" | "system";
            id: string;
            intent?: string;
            /** @enum {string} */
            kind: "message" | "note" | "system";
            language?: string;
            /** @description Whom a note calls */
            mentions?: components["schemas"]["Named"][] | null;
            /** Format: int64 */
            seq: number;
            text: string;
        };
        Messages: {
            items: components["schemas"]["Message"][];
            /** Format: int64 */
            last_seq: number;
        };
        Named: {
            id: string;
            name: string;
        };
        OpenLinkInputBody: {
            token: string;
        };
        OpenedLink: {
            email: string;
            /** Format: date-time */
            expires_at: string;
            name: string;
            /** @enum {string} */
            purpose: "invite" | "password";
        };
        Option: {
            label: string;
            value: string;
        };
        OrderViewsInputBody: {
            ids: string[];
        };
        OutageNotice: {
            /** Format: date-time */
            from: string;
            id: string;
            texts: {
                [key: string]: string;
            };
            /** Format: date-time */
            until: string;
            /** Format: int64 */
            version: number;
        };
        OutageSetting: {
            /** Format: int64 */
            came?: number;
            /** Format: date-time */
            from: string;
            id?: string;
            places: string[];
            texts: {
                [key: string]: string;
            };
            /** Format: date-time */
            until: string;
            /** Format: int64 */
            version: number;
        };
        OutreachOptions: {
            inboxes: components["schemas"]["InboxChoice"][];
            phones: components["schemas"]["Phone"][];
        };
        PageApprovalRow: {
            items: components["schemas"]["ApprovalRow"][];
            next: string | null;
        };
        PageConversationRow: {
            items: components["schemas"]["ConversationRow"][];
            next: string | null;
        };
        PageFailedMessage: {
            items: components["schemas"]["FailedMessage"][];
            next: string | null;
        };
        PageMention: {
            items: components["schemas"]["Mention"][];
            next: string | null;
        };
        PageTicketRow: {
            items: components["schemas"]["TicketRow"][];
            next: string | null;
        };
        ParticipantHead: {
            birth_date_masked: string;
            email_masked: string;
            id: string;
            language: string;
            name: string;
            nik_masked: string;
            phone_masked: string;
            programme_number?: string;
            region: string;
            scheme: string;
            stage: string;
        };
        ParticipantRow: {
            id: string;
            language: string;
            name: string;
            nik_masked: string;
            phone_masked: string;
            region: string;
            stage: string;
        };
        Passed: {
            by: string;
            note: string;
        };
        PasswordInputBody: {
            new: string;
            old: string;
        };
        PayoutAccount: {
            holder: string;
            id: string;
            institution: string;
            /** @enum {string} */
            kind: "bank" | "ewallet";
            /** Format: date-time */
            linked_at: string;
            number_masked: string;
            state: string;
        };
        PeopleInputBody: {
            q: string;
        };
        Person: {
            address_masked: string;
            confidence: string;
            contact_id: string;
            kind: string;
            name: string;
            participant?: components["schemas"]["Subject"];
        };
        Phone: {
            confidence: string;
            masked: string;
            point_id: string;
            /** Format: date-time */
            seen_at: string;
        };
        Piece: {
            match: boolean;
            text: string;
        };
        Presence: {
            /** Format: int64 */
            capacity: number;
            /** Format: int64 */
            load: number;
            reason?: string;
            /** Format: date-time */
            since: string;
            /** @enum {string} */
            state: "offline" | "available" | "ringing" | "on_contact" | "wrap_up" | "break";
        };
        PresenceInputBody: {
            reason?: string;
            /** @enum {string} */
            state: "available" | "break" | "offline";
        };
        Preview: {
            after: components["schemas"]["LabelValue"][];
            approver_role?: string;
            before: components["schemas"]["LabelValue"][];
            changed: string[];
            errors: components["schemas"]["FieldMessage"][];
        };
        PreviewInputBody: {
            input: {
                [key: string]: string;
            };
        };
        PublishInputBody: {
            language: string;
        };
        QueueRow: {
            /** Format: int64 */
            available: number;
            id: string;
            name: string;
            slug: string;
            unit: components["schemas"]["Named"];
            /** Format: int64 */
            waiting: number;
        };
        QueueSetting: {
            auto_accept: boolean;
            id?: string;
            languages: string[];
            limits: {
                [key: string]: number;
            };
            name: string;
            /** Format: int64 */
            priority: number;
            /** Format: int64 */
            ring_seconds: number;
            serving: string[];
            /** Format: int64 */
            short_abandon_seconds: number;
            skill: string;
            /** Format: int64 */
            skill_level: number;
            slug: string;
            /** @enum {string} */
            status: "active" | "closed";
            /** Format: int64 */
            target_percent: number;
            /** Format: int64 */
            target_seconds: number;
            team_id: string;
            /** Format: int64 */
            version: number;
            /** Format: int64 */
            wrap_up_seconds: number;
        };
        Reach: {
            /** @description The one that is open with it */
            conversation_id?: string;
            /** @description Otherwise only an approved message */
            free_text: boolean;
            opted_in: boolean;
            opted_out: boolean;
            /** Format: date-time */
            window_closes_at: string | null;
        };
        Reason: {
            code: string;
            label: string;
        };
        Record: {
            /** Format: int64 */
            balance: number;
            batch: components["schemas"]["BatchLine"][];
            changes: components["schemas"]["Change"][];
            diagnoses: components["schemas"]["Diagnosis"][];
            incentives: components["schemas"]["Incentive"][];
            journey: components["schemas"]["Step"][];
            open_approvals: components["schemas"]["ApprovalRow"][];
            participant: components["schemas"]["ParticipantHead"];
            payout_account: components["schemas"]["PayoutAccount"];
            remedies: components["schemas"]["RemedyOffer"][];
            trainings: components["schemas"]["Training"][];
        };
        RefuseInputBody: {
            reason: string;
        };
        RegisterInputBody: {
            category: string;
            /** @enum {string} */
            class: "complaint" | "aspiration" | "information_request" | "integrity";
            /** Format: uuid */
            conversation_id?: string;
            key: string;
            oversight?: boolean;
            /** Format: int64 */
            priority: number;
            subject: string;
            text: string;
        };
        RemedyDone: {
            approval_id?: string;
            change_id?: string;
            /** @enum {string} */
            status: "applied" | "awaiting_approval";
        };
        RemedyInputBody: {
            /** Format: uuid */
            conversation_id?: string;
            evidence?: string[];
            input: {
                [key: string]: string;
            };
            key: string;
            reason: string;
            /** Format: uuid */
            ticket_id?: string;
        };
        RemedyOffer: {
            approver_role?: string;
            blocked_because?: string;
            code: string;
            description: string;
            fields: components["schemas"]["Field"][];
            label: string;
            money: boolean;
            needs_evidence: boolean;
        };
        ReplayInputBody: {
            /**
             * Format: int64
             * @description Number of the first delivery
             */
            from: number;
            /**
             * Format: int64
             * @description Number of the last; the same for one
             */
            to: number;
        };
        Replayed: {
            /** Format: int64 */
            count: number;
        };
        Report: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            by: "queue" | "channel" | "language" | "category" | "agent";
            columns: components["schemas"]["ReportColumn"][];
            days: components["schemas"]["ReportRow"][];
            formula: string;
            /** Format: date */
            from: string;
            /** @description First-contact resolution can still fall */
            provisional: boolean;
            rows: components["schemas"]["ReportRow"][];
            /** Format: date */
            to: string;
            total: components["schemas"]["ReportRow"];
            /** @enum {string} */
            variant: "offered" | "no_short" | "flow" | "answered" | "sl2" | "removed";
            variants: components["schemas"]["Option"][];
        };
        ReportColumn: {
            code: string;
            text: string;
            title: string;
            /** @enum {string} */
            unit: "count" | "seconds" | "ratio";
        };
        ReportRow: {
            code: string;
            name: string;
            values: (number | null)[];
        };
        RescheduleInputBody: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            seen_seq: number;
        };
        RoleRights: {
            permissions: string[];
            role: string;
            totp_required: boolean;
        };
        SLA: {
            /** Format: date-time */
            due_at: string | null;
            rule: string;
            /** Format: date-time */
            started_at: string | null;
            /** @enum {string} */
            state: "on_track" | "at_risk" | "breached" | "met" | "none";
        };
        SaveInboxInputBody: {
            account_sid: string;
            address: string;
            api_base: string;
            auth_token?: string;
            bot: boolean;
            language: string;
            messaging_service: string;
            name: string;
            origins: string[];
            /** Format: int64 */
            per_second: number;
            /** @enum {string} */
            status: "active" | "paused" | "closed";
            /** Format: int64 */
            version: number;
        };
        SaveSkillInputBody: {
            name: string;
            /** @enum {string} */
            status: "active" | "closed";
            /** Format: int64 */
            version: number;
        };
        SaveTagInputBody: {
            name: string;
            /** @enum {string} */
            status: "active" | "closed";
            tone: string;
            /** Format: int64 */
            version: number;
        };
        SaveTeamInputBody: {
            name: string;
            /** @enum {string} */
            status: "active" | "closed";
            /** Format: int64 */
            version: number;
        };
        SaveViewInputBody: {
            filter: components["schemas"]["Filter"];
            list: string;
            name: string;
            /** @enum {string} */
            scope: "own" | "team" | "all";
            /** Format: uuid */
            team_id?: string;
            /** Format: int64 */
            version: number;
        };
        SaveWebhookInputBody: {
            events: string[];
            name: string;
            /** @enum {string} */
            state: "active" | "paused" | "closed";
            url: string;
            /** Format: int64 */
            version: number;
            with_text: boolean;
        };
        SavedView: {
            filter: components["schemas"]["Filter"];
            id: string;
            list: string;
            may_change: boolean;
            name: string;
            owner: components["schemas"]["Named"];
            /** @enum {string} */
            scope: "own" | "team" | "all";
            team?: components["schemas"]["Named"];
            /** Format: int64 */
            version: number;
        };
        SendHeldInputBody: {
            /** Format: int64 */
            seen_seq: number;
        };
        SeqInputBody: {
            /** Format: int64 */
            seq: number;
        };
        Session: {
            csrf: string;
            me: components["schemas"]["Me"];
        };
        SettingChange: {
            action: string;
            actor: string;
            /** Format: date-time */
            at: string;
            changes: components["schemas"]["FieldChange"][];
            /** Format: int64 */
            id: number;
            name: string;
            object_id: string;
        };
        SignInInputBody: {
            email: string;
            password: string;
        };
        SignedIn: {
            csrf: string;
            me?: components["schemas"]["Me"];
            /** @enum {string} */
            state: "ok" | "totp";
        };
        SkillInputBody: {
            code: string;
            name: string;
        };
        SkillLevel: {
            code: string;
            /** Format: int64 */
            level: number;
        };
        SkillSetting: {
            code: string;
            name: string;
            /** Format: int64 */
            people: number;
            queues: string[];
            /** @enum {string} */
            status: "active" | "closed";
            /** Format: int64 */
            version: number;
        };
        SnoozeChoice: {
            /** @enum {string} */
            code: "hour" | "afternoon" | "tomorrow" | "working_day";
            /** Format: date-time */
            until: string;
        };
        SnoozeInputBody: {
            /** Format: date-time */
            until: string | null;
        };
        SocketTicket: {
            ticket: string;
        };
        StaffInputBody: {
            /** Format: int64 */
            capacity: number;
            languages: string[];
            limits: {
                [key: string]: number;
            };
            name: string;
            role: string;
            skills: components["schemas"]["SkillLevel"][];
            teams: components["schemas"]["Membership"][];
            /** Format: int64 */
            version: number;
        };
        StaffLink: {
            /** Format: date-time */
            expires_at: string;
            /** @enum {string} */
            purpose: "invite" | "password";
            staff: components["schemas"]["StaffSetting"];
            url: string;
        };
        StaffRow: {
            id: string;
            languages: string[];
            name: string;
            presence: components["schemas"]["Presence"];
            role: string;
            skills: string[];
        };
        StaffSetting: {
            /** Format: int64 */
            capacity: number;
            email: string;
            id: string;
            languages: string[];
            limits: {
                [key: string]: number;
            };
            name: string;
            role: string;
            /** Format: date-time */
            seen_at?: string;
            self: boolean;
            skills: components["schemas"]["SkillLevel"][];
            /** @enum {string} */
            state: "active" | "invited" | "disabled";
            teams: components["schemas"]["Membership"][];
            totp_enabled: boolean;
            /** Format: int64 */
            version: number;
        };
        Step: {
            /** Format: date-time */
            at: string | null;
            code: string;
            label: string;
            note: string;
            /** @enum {string} */
            state: "done" | "current" | "blocked" | "upcoming";
        };
        Subject: {
            confidence: string;
            id: string;
            name: string;
        };
        SubjectInputBody: {
            /** Format: uuid */
            participant_id: string | null;
            reason: string;
        };
        Suggestions: {
            articles: components["schemas"]["ArticleHit"][];
            macros: components["schemas"]["Macro"][];
        };
        Tag: {
            id: string;
            name: string;
            /** @enum {string} */
            tone: "plain" | "brand" | "amber" | "red" | "green" | "blue";
        };
        TagChange: {
            add?: string[] | null;
            remove?: string[] | null;
        };
        TagSetting: {
            /** Format: int64 */
            conversations: number;
            id: string;
            merged_into?: string;
            name: string;
            /** @enum {string} */
            status: "active" | "closed";
            /** Format: int64 */
            tickets: number;
            /** @enum {string} */
            tone: "plain" | "brand" | "amber" | "red" | "green" | "blue";
            /** Format: int64 */
            version: number;
        };
        TeamInputBody: {
            name: string;
            slug: string;
        };
        TeamSetting: {
            id: string;
            leads: string[];
            /** Format: int64 */
            members: number;
            name: string;
            queues: string[];
            slug: string;
            /** @enum {string} */
            status: "active" | "closed";
            /** Format: int64 */
            version: number;
        };
        Template: {
            body: string;
            id: string;
            language: string;
            name: string;
            /**
             * Format: int64
             * @description How many values it wants, for {{1}}, {{2}} ...
             */
            places: number;
        };
        TemplateSetting: {
            body: string;
            /** @enum {string} */
            category: "utility" | "marketing";
            /** Format: uuid */
            readonly id?: string;
            language: string;
            name: string;
            /** @description The provider's id of it */
            ref: string;
            /** @enum {string} */
            status: "active" | "closed";
            /** Format: int64 */
            version: number;
        };
        Templated: {
            /** Format: uuid */
            id: string;
            values: string[];
        };
        Ticket: {
            allowed: components["schemas"]["AllowedEvent"][];
            category: string;
            category_label: string;
            changes: components["schemas"]["Change"][];
            class: string;
            clocks: components["schemas"]["TicketClock"][];
            closed_reason?: string;
            conversations: components["schemas"]["ConversationRow"][];
            /** Format: date-time */
            due_at: string | null;
            duplicates: components["schemas"]["TicketRow"][];
            /** Format: date-time */
            extended_due_at?: string;
            extension_reason?: string;
            history: components["schemas"]["TicketLine"][];
            id: string;
            /** Format: int64 */
            level: number;
            merged_into?: components["schemas"]["TicketRow"];
            number: string;
            outcome?: string;
            oversight: boolean | null;
            owner?: components["schemas"]["Named"];
            participant?: components["schemas"]["ParticipantRow"];
            person: string;
            /** Format: int64 */
            priority: number;
            public_answer?: string;
            queue?: components["schemas"]["Named"];
            /** Format: date-time */
            registered_at: string;
            root_cause?: string;
            sla: components["schemas"]["SLA"];
            state: string;
            subject: string;
            tags: components["schemas"]["Tag"][];
            text: string;
            /** Format: int64 */
            version: number;
        };
        TicketClock: {
            /** Format: date-time */
            due_at: string | null;
            intervals: components["schemas"]["Interval"][];
            name: string;
            /** Format: date-time */
            started_at: string;
            state: string;
            /** Format: int64 */
            used_seconds: number;
        };
        TicketCounts: {
            /** Format: int64 */
            at_risk: number;
            /** Format: int64 */
            breached: number;
            /** Format: int64 */
            open: number;
        };
        TicketLine: {
            actor: string;
            /** Format: date-time */
            at: string;
            event: string;
            fields: {
                [key: string]: string;
            };
            from?: string;
            label: string;
            reason?: string;
            role: string;
            to?: string;
        };
        TicketRow: {
            category: string;
            category_label: string;
            class: string;
            closed_reason?: string;
            /** Format: date-time */
            due_at: string | null;
            id: string;
            /** Format: int64 */
            level: number;
            number: string;
            oversight: boolean | null;
            owner?: components["schemas"]["Named"];
            person: string;
            /** Format: int64 */
            priority: number;
            queue?: components["schemas"]["Named"];
            /** Format: date-time */
            registered_at: string;
            sla: components["schemas"]["SLA"];
            state: string;
            subject: string;
            tags: components["schemas"]["Tag"][];
            /** Format: int64 */
            version: number;
        };
        Training: {
            /** Format: date-time */
            bought_at: string;
            certificate?: components["schemas"]["Certificate"];
            id: string;
            mode: string;
            /** Format: int64 */
            post_test?: number;
            /** Format: int64 */
            pre_test?: number;
            /** Format: int64 */
            price: number;
            provider: string;
            /** Format: int64 */
            rating?: number;
            redeem_state: string;
            sessions: components["schemas"]["Meeting"][];
            title: string;
        };
        Transfer: {
            /** Format: int64 */
            amount: number;
            /** Format: date-time */
            at: string;
            id: string;
            institution: string;
            number_masked: string;
            return_code?: string;
            return_text?: string;
            state: string;
        };
        UnmaskInputBody: {
            /** Format: uuid */
            conversation_id?: string;
            /** @enum {string} */
            field: "nik" | "phone" | "email" | "birth_date" | "account";
            reason: string;
        };
        Unread: {
            /** Format: int64 */
            count: number;
        };
        UseLinkInputBody: {
            password: string;
            token: string;
        };
        VersionInputBody: {
            answer: string;
            body: string;
            title: string;
        };
        VersionedInputBody: {
            /** Format: int64 */
            version: number;
        };
        ViewBody: {
            filter: components["schemas"]["Filter"];
            list: string;
            name: string;
            /** @enum {string} */
            scope: "own" | "team" | "all";
            /** Format: uuid */
            team_id?: string;
        };
        WallAgent: {
            /** Format: int64 */
            capacity: number;
            free: boolean;
            id?: string;
            /** Format: int64 */
            load: number;
            name: string;
            reason?: string;
            /** Format: date-time */
            since: string;
            /** @enum {string} */
            state: "offline" | "available" | "ringing" | "on_contact" | "wrap_up" | "break";
        };
        WallRow: {
            /** Format: int64 */
            abandoned: number;
            /** Format: double */
            aht_s: number | null;
            /** Format: int64 */
            answered: number;
            /** Format: double */
            asa_s: number | null;
            /** Format: int64 */
            bot: number;
            /** Format: double */
            csat: number | null;
            kind: string;
            /** Format: double */
            longest_wait_s: number | null;
            /** Format: int64 */
            offered: number;
            queue: string;
            queue_id: string;
            /** Format: double */
            service_level: number | null;
            /** Format: int64 */
            waiting: number;
            /** Format: int64 */
            with_agent: number;
        };
        Wallboard: {
            agent_counts: {
                [key: string]: number;
            };
            agents: components["schemas"]["WallAgent"][];
            alarms: components["schemas"]["Alarm"][];
            /** Format: date-time */
            at: string;
            headline: components["schemas"]["Headline"];
            rows: components["schemas"]["WallRow"][];
            tickets: components["schemas"]["TicketCounts"];
            /** Format: date-time */
            today_from: string;
        };
        Webhook: {
            /** Format: int64 */
            dead: number;
            events: string[];
            /** Format: date-time */
            failing_since?: string;
            id: string;
            name: string;
            /** @enum {string} */
            pause_reason?: "by_hand" | "failing" | "gone";
            /** Format: int64 */
            pending: number;
            /** @enum {string} */
            state: "active" | "paused" | "closed";
            url: string;
            /** Format: int64 */
            version: number;
            with_text: boolean;
        };
        WebhookDelivery: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            attempts: number;
            /** Format: date-time */
            due_at: string;
            event: string;
            /** @enum {string} */
            fault?: "status" | "timeout" | "unreachable" | "not_public";
            /** Format: int64 */
            id: number;
            /** Format: int64 */
            latency_ms: number;
            message_id: string;
            object_id: string;
            snippet: string;
            /** @enum {string} */
            state: "pending" | "delivered" | "dead";
            /** Format: int64 */
            status: number;
            /** Format: date-time */
            tried_at?: string;
        };
        WebhookDraft: {
            events: string[];
            name: string;
            url: string;
            with_text: boolean;
        };
        WebhookSecret: {
            id: string;
            secret: string;
        };
        Webhooks: {
            events: string[];
            items: components["schemas"]["Webhook"][];
        };
        WriteInputBody: {
            attachments?: string[];
            echo: string;
            /** @enum {string} */
            kind: "reply" | "note";
            /** @description Whom a note calls */
            mentions?: string[];
            /** Format: int64 */
            seen_seq?: number;
            template?: components["schemas"]["Templated"];
            text: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
