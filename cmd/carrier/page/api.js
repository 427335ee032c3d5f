// Calls to the stand-in's control API.

async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
  if (!answer.ok) {
    const told = await answer.json().catch(() => ({}));
    throw new Error(told.error || `HTTP ${answer.status}`);
  }
  return answer.json();
}

export const listPhones = () => call("GET", "control/phones");
export const makePhone = (phone, name) => call("POST", "control/phones", { phone, name });
export const listMessages = (phone, channel) =>
  call("GET", `control/messages?${new URLSearchParams({ phone, channel })}`).then((r) => r.messages);
export const send = (message) => call("POST", "control/inbound", { ...message, async: true });
export const resend = (sid, signature = "") => call("POST", "control/resend", { sid, signature });
export const markSeen = (phone, channel) => call("POST", "control/read", { phone, channel });
export const faults = () => call("GET", "control");
export const setFaults = (change) => call("POST", "control", change);
export const setWindow = (phone, age) => call("POST", "control/window", { phone, age });

/**
 * Follows the stream of changes. handlers: message(m), phones(), faults(),
 * cleared(), hello() after each (re)connection, lost() when it breaks.
 */
export function follow(handlers) {
  const stream = new EventSource("events");
  for (const kind of ["hello", "phones", "faults", "cleared"]) stream.addEventListener(kind, () => handlers[kind]?.());
  stream.addEventListener("message", (event) => handlers.message(JSON.parse(event.data)));
  stream.addEventListener("error", () => {
    handlers.lost?.();
    if (stream.readyState === EventSource.CLOSED) {
      stream.close();
      setTimeout(() => follow(handlers), 2000);
    }
  });
}

/** A chosen file as the API takes it. */
export async function readFile(file) {
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
  return { name: file.name, content_type: file.type || "application/octet-stream", data: url.slice(url.indexOf(",") + 1) };
}
