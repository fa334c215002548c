/** The API. A request that may be repeated is repeated, politely, until the server answers. */

const TIMEOUT = 30000; // milliseconds for one try
const TRIES = 8;
const LONGEST_PAUSE = 120; // seconds
const BUSY = [429, 500, 502, 503, 504];

/** The server refused: `slug` is the last part of the problem's type, `body` the problem. */
export class Refused extends Error {
  constructor(status, body) {
    super(`refused with ${status}`);
    this.status = status;
    this.body = body || {};
    this.slug = String(this.body.type || '').split('/').pop();
  }
}

/** No answer after many tries: whether the request had its effect is not known. */
export class Unreachable extends Error {}

/**
 * Send one request and return its answer: JSON, or a Blob when it is anything else.
 *
 * `waiting` (see waiting.js) shows what goes on; without it there is one try. GET and DELETE may be
 * repeated by their nature, as may a move; a booking because of its Idempotency-Key: the headers
 * are the same at every try.
 */
export async function ask(path, { method = 'GET', headers = {}, body, signal, waiting } = {}) {
  for (let tried = 1; ; tried += 1) {
    if (waiting) waiting.begin();
    let response = null;
    try {
      response = await once(path, { method, headers, body, cache: 'no-store' }, signal);
    } catch (error) {
      if (signal && signal.aborted) throw error;
    } finally {
      if (waiting) waiting.end();
    }
    if (response && !BUSY.includes(response.status)) return answer(response);
    if (tried === TRIES || !waiting) throw new Unreachable();
    await waiting.pause(pauseBefore(tried, response));
    if (signal && signal.aborted) throw new Unreachable();
  }
}

async function once(path, options, signal) {
  const timeout = new AbortController();
  const abort = () => timeout.abort();
  const timer = setTimeout(abort, TIMEOUT);
  if (signal) signal.addEventListener('abort', abort);
  try {
    const response = await fetch(path, { ...options, signal: timeout.signal });
    // The body is part of the answer: a line that breaks in the middle is no answer.
    const content = await response.blob();
    return { status: response.status, ok: response.ok, headers: response.headers, content };
  } finally {
    clearTimeout(timer);
    if (signal) signal.removeEventListener('abort', abort);
  }
}

async function answer({ status, ok, headers, content }) {
  const json = (headers.get('Content-Type') || '').includes('json');
  if (ok) return json ? JSON.parse(await content.text()) : content;
  let problem = null;
  try {
    problem = JSON.parse(await content.text());
  } catch {
    // Refused by something in between, in words of its own.
  }
  throw new Refused(status, problem);
}

/** Seconds to wait: what the server asked for, else doubling; spread, so that not all come back at once. */
function pauseBefore(tried, response) {
  const asked = response && Number(response.headers.get('Retry-After'));
  const seconds = asked > 0 ? asked : 2 ** tried;
  return Math.min(seconds, LONGEST_PAUSE) * (1 + Math.random() * 0.3);
}

/** All offices, page by page. */
export async function offices(waiting) {
  const all = [];
  for (let next = ''; next !== null;) {
    const page = await ask(`/v1/offices${next && `?cursor=${encodeURIComponent(next)}`}`, { waiting });
    all.push(...page.offices);
    next = page.next || null;
  }
  return all;
}

/** The days of an office; without `from` they begin with the office's own today. */
export function availability({ officeId, from, lane, party }, days, signal, waiting) {
  const query = new URLSearchParams({ days, lane, party });
  if (from) query.set('from', from);
  return ask(`/v1/offices/${encodeURIComponent(officeId)}/availability?${query}`, { signal, waiting });
}

/** Book; the same key books once, however often it is sent. `body` is JSON text. */
export function book(key, body, waiting) {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': key };
  return ask('/v1/bookings', { method: 'POST', headers, body, waiting });
}

const bearer = (token) => ({ Authorization: `Bearer ${token}` });
const bookingPath = (code) => `/v1/bookings/${encodeURIComponent(code)}`;

export const readBooking = (code, token, waiting) => ask(bookingPath(code), { headers: bearer(token), waiting });

export const cancelBooking = (code, token, waiting) =>
  ask(bookingPath(code), { method: 'DELETE', headers: bearer(token), waiting });

/** Move a booking; a repeat of the same move changes nothing. */
export function rescheduleBooking(code, token, { date, window }, waiting) {
  const headers = { 'Content-Type': 'application/json', ...bearer(token) };
  const body = JSON.stringify({ date, ...(window && { window }) });
  return ask(`${bookingPath(code)}/reschedule`, { method: 'POST', headers, body, waiting });
}

/** What the hall display of an office shows. */
export const board = (officeId) => ask(`/v1/offices/${encodeURIComponent(officeId)}/board`);

/** The QR proof (`proof.svg`) or the calendar entry (`calendar.ics`) as a Blob. */
export const bookingFile = (code, token, file, waiting) =>
  ask(`${bookingPath(code)}/${file}`, { headers: bearer(token), waiting });
