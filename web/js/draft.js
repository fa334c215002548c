/**
 * What the reader has entered, kept in this tab: a cheap phone throws a page away while its owner
 * looks for the KTP. It is gone when the tab is closed, and cleared once the booking stands.
 */
const STORE = 'antrean.draft';
export const LARGEST_PARTY = 5;

const person = () => ({ nik: '', name: '', day: '', month: '', year: '', ground: '', guardian: '' });

const empty = () => ({
  province: '',
  officeId: '',
  lane: 'regular',
  date: '',
  window: '',
  people: [person()],
  phone: '',
  email: '',
  overflow: 'next_date',
});

function read() {
  try {
    return { ...empty(), ...JSON.parse(sessionStorage.getItem(STORE)) };
  } catch {
    return empty();
  }
}

export const draft = read();

export function keepDraft() {
  try {
    sessionStorage.setItem(STORE, JSON.stringify(draft));
  } catch {
    // A device that keeps nothing.
  }
}

export function clearDraft() {
  Object.assign(draft, empty());
  try {
    sessionStorage.removeItem(STORE);
  } catch {
    // Nothing was kept.
  }
}

/** Make the party `size` people, keeping who is there. */
export function setParty(size) {
  while (draft.people.length > size) draft.people.pop();
  while (draft.people.length < size) draft.people.push(person());
}

const two = (text) => text.padStart(2, '0');

/** The birth date of a person as 1990-05-17, or '' while it is no date. */
export function birthDate({ day, month, year }) {
  if (!/^\d{1,2}$/.test(day) || !month || !/^\d{4}$/.test(year)) return '';
  const text = `${year}-${two(month)}-${two(day)}`;
  const date = new Date(`${text}T00:00:00Z`);
  const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
  return real && year >= '1900' ? text : ''; // not held against today: the phone's clock may be wrong
}

/** Whether a NIK holds another birth date than the one entered (women: 40 added to the day). */
export function differsFromNik(one) {
  const nik = digits(one.nik);
  const born = birthDate(one);
  if (nik.length !== 16 || !born) return false;
  const day = Number(nik.slice(6, 8)) % 40;
  return `${nik.slice(10, 12)}-${nik.slice(8, 10)}-${two(String(day))}` !== born.slice(2);
}

/** Whole years of age on a local date (the visit, else the phone's today), or null. */
export function ageOn(one, visit) {
  const born = birthDate(one);
  if (!born) return null;
  const day = visit || new Date().toISOString().slice(0, 10);
  return day.slice(0, 4) - born.slice(0, 4) - (day.slice(5) < born.slice(5) ? 1 : 0);
}

/** Whether a person is too young to come alone (under 17) and nobody in the party is an adult. */
export function needsGuardian(one, { people, date }) {
  const age = ageOn(one, date);
  return age !== null && age < 17 && !people.some((other) => ageOn(other, date) >= 18);
}

/** Whether a person's age alone opens the priority lane: 60 and over, or under 5. */
export function entitledByAge(one, { date }) {
  const age = ageOn(one, date);
  return age !== null && (age >= 60 || age < 5);
}

const tidy = (name) => name.trim().replace(/\s+/g, ' ');

export const digits = (text) => text.replace(/\D/g, '');

/** The request that the draft makes. */
export function requestOf({ officeId, date, window, lane, overflow, people, phone, email }) {
  return {
    office_id: officeId,
    date,
    ...(window && { window }),
    lane,
    overflow,
    applicants: people.map((one) => ({
      nik: digits(one.nik),
      name: tidy(one.name),
      birth_date: birthDate(one),
      ...(lane === 'priority' && one.ground && { priority_ground: one.ground }),
      ...(tidy(one.guardian) && { guardian_name: tidy(one.guardian) }),
    })),
    contact: { phone: phone.replace(/[\s().-]/g, ''), ...(email.trim() && { email: email.trim() }) },
  };
}
