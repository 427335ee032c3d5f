-- Chats end after 30 idle days: the sweep finds them by this.
CREATE INDEX chat_sessions_seen ON chat_sessions (seen_at);
