/**
 * The booking that is being sent, kept in this tab until its outcome is known, so that a reload,
 * a double click or a lost answer sends the same Idempotency-Key again and never books twice.
 *
 * {key, body, open}: `open` while the outcome is unknown. `earlier` is an attempt of unknown
 * outcome that the reader left to change what they had entered.
 */
const STORE = 'antrean.attempt';
let kept = read();

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) || {};
  } catch {
    return {};
  }
}

function keep(value) {
  kept = value;
  try {
    sessionStorage.setItem(STORE, JSON.stringify(value));
  } catch {
    // A device that keeps nothing: the attempt lasts as long as the page.
  }
}

/** The attempt whose outcome is not known, or null. */
export const unanswered = () => (kept.current && kept.current.open ? kept.current : null);

/** The earlier attempt whose outcome never became known, or null. */
export const earlier = () => kept.earlier || null;

/** The attempt that sends `body` (JSON text): the same body has the same key. */
export function attempt(body) {
  const last = kept.current;
  const same = last && last.body === body ? last.key : uuid();
  const left = last && last.open && last.body !== body ? { key: last.key, body: last.body } : earlier();
  keep({ current: { key: same, body, open: true }, earlier: left });
  return kept.current;
}

/** The server refused the current attempt: nothing was booked under its key. */
export function refused({ forgetKey = false } = {}) {
  keep({ current: forgetKey ? null : { ...kept.current, open: false }, earlier: earlier() });
}

/** The earlier attempt becomes the current one. */
export function takeUpEarlier() {
  keep({ current: { ...kept.earlier, open: true }, earlier: null });
  return kept.current;
}

/** The current attempt is booked, or left for good: an unknown outcome is still remembered. */
export function leave({ booked = false } = {}) {
  const { current } = kept;
  keep({ current: null, earlier: !booked && current && current.open ? current : earlier() });
}

/** A random UUID (version 4); crypto.randomUUID is missing in browsers before 2021. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
