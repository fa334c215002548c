/** A server's refusal (problem+json) as messages of ours, each at the field it points at. */
import { moment } from './when.js';
import { language, t, tOr } from './texts.js';

/** The last name in a JSON pointer: /applicants/0/nik is about the nik. */
const fieldOf = (pointer) => pointer.split('/').filter((part) => part && !/^\d+$/.test(part)).pop() || '';

const pointersOf = ({ body }) => (body.errors || []).map((one) => one.pointer).concat(body.pointer || []);

/** Problems of a refused booking: [{pointer, key, values}]; pointer '' is about the whole. */
export function problemsOf(refusal) {
  const { slug, body } = refusal;
  const pointers = pointersOf(refusal);
  if (slug === 'invalid-request' && pointers.length) {
    return pointers.map((pointer) => ({ pointer, key: `invalid_${fieldOf(pointer)}` }));
  }
  if (slug === 'already-booked') {
    const whom = pointers.length ? pointers : ['/applicants/0'];
    return whom.map((pointer) => ({ pointer: pointer.replace(/^(\/applicants\/\d+)$/, '$1/nik'), key: 'already_booked' }));
  }
  if (slug === 'office-not-open') return [{ pointer: '/office_id', key: 'office_not_open', reason: body.reason }];
  if (slug === 'no-places') return [{ pointer: '/date', key: 'no_places', nextRelease: body.next_release }];
  if (slug === 'not-changeable') return [{ pointer: '', key: `not_changeable_${body.reason}` }];
  if (slug === 'changed-meanwhile') return [{ pointer: '', key: 'changed_meanwhile' }];
  if (slug === 'key-reused') return [{ pointer: '', key: 'key_reused' }];
  return [{ pointer: '', key: 'rejected', number: `${refusal.status} ${slug}`.trim() }];
}

/** The message of one problem in the reader's language; times in the office's zone. */
export function messageOf({ key, reason, nextRelease, number }, timezone) {
  const parts = [tOr(key, t('rejected'))];
  if (reason) parts.push(t('office_why', { reason: reasonText(reason) }));
  if (nextRelease && timezone) parts.push(t('no_places_next', { when: moment(nextRelease, timezone) }));
  if (number) parts.push(`(${number})`);
  return parts.join(' ');
}

/**
 * Why an office or a day is closed: a reason we know by its name, else the office's own words,
 * which it may have written in both languages ("penjelasan / explanation").
 */
export function reasonText(reason) {
  if (!reason) return t('reason_unknown');
  const halves = reason.split(' / ');
  const words = halves.length === 2 ? halves[language() === 'id' ? 0 : 1] : reason;
  return tOr(`reason_${reason}`, /^[a-z_]+$/.test(reason) ? t('reason_unknown') : words);
}
