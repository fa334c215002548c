/** Dates and hours as the reader writes them, always in the office's own time. */
import { language, t } from './texts.js';

const ZONES = {
  'Asia/Jakarta': 'WIB', 'Asia/Pontianak': 'WIB', 'Asia/Makassar': 'WITA', 'Asia/Jayapura': 'WIT',
};
const LOCALES = { id: 'id-ID', en: 'en-GB' };

/** WIB, WITA or WIT. */
export const zone = (timezone) => ZONES[timezone] || timezone;

function format(instant, timeZone, options) {
  return new Intl.DateTimeFormat(LOCALES[language()], { timeZone, ...options }).format(instant);
}

/** A local date (2026-11-24) as an instant that formats as itself in UTC. */
export const asUtc = (date) => new Date(`${date}T00:00:00Z`);

/** The date `days` after a local date. */
export const plusDays = (date, days) => new Date(asUtc(date).getTime() + days * 864e5).toISOString().slice(0, 10);

/** Monday is 0. */
export const weekday = (date) => (asUtc(date).getUTCDay() + 6) % 7;

/** Selasa, 24 November 2026 */
export const longDate = (date) =>
  format(asUtc(date), 'UTC', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

/** 24 November */
export const dayMonth = (date) => format(asUtc(date), 'UTC', { day: 'numeric', month: 'long' });

/** 24 Nov */
export const shortDate = (date) => format(asUtc(date), 'UTC', { day: 'numeric', month: 'short' });

export const monthName = (date, style) => format(asUtc(date), 'UTC', { month: style });

/** The names of the days, Monday first. */
export const weekdayName = (index, style) =>
  format(asUtc(plusDays('2024-01-01', index)), 'UTC', { weekday: style });

/** 08:00 as 08.00 in Indonesian. */
export const clock = (hhmm) => (language() === 'id' ? hhmm.replace(':', '.') : hhmm);

/** 08.00–09.00 WIB */
export const span = (window, timezone) => `${clock(window.start)}–${clock(window.end)} ${zone(timezone)}`;

function hoursOf(instant, timezone) {
  const text = format(instant, timezone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return `${clock(text.replace('.', ':'))} ${zone(timezone)}`;
}

/** The hour of an instant (RFC 3339) at the office: 08.00 WIB */
export const hour = (instant, timezone) => hoursOf(new Date(instant), timezone);

/**
 * A span of instants that is not known to the minute: 09.42–10.05 WIB. It is rounded outwards, its
 * end to five minutes when it is wide; it never begins before it does.
 */
export function about(from, to, timezone) {
  const step = new Date(to) - new Date(from) < 15 * 60000 ? 60000 : 5 * 60000;
  const end = new Date(Math.ceil(new Date(to) / step) * step);
  const [first, last] = [hoursOf(new Date(from), timezone), hoursOf(end, timezone)];
  return first === last ? last : `${first.split(' ')[0]}–${last}`;
}

/** An instant at the office: Jumat, 20 November 2026 pukul 16.00 WITA */
export function moment(instant, timezone) {
  const at = new Date(instant);
  const date = format(at, timezone, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  return `${date} ${t('come_at', { time: hoursOf(at, timezone) })}`;
}
