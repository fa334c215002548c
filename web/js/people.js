/** Step 3: the applicants, 1 to 5 of them. */
import { birthDate, differsFromNik, digits, entitledByAge, LARGEST_PARTY, needsGuardian } from './draft.js';
import { h, put } from './dom.js';
import { choice, idOf, line } from './fields.js';
import { t } from './texts.js';
import { monthName } from './when.js';

const GROUNDS = ['', 'pregnant', 'disability']; // the first follows from the birth date

/** Draw the step; `changed(pointer)` is called after every entry, `resize` with another size of the party. */
export function drawPeople(place, draft, errorAt, changed, resize) {
  const many = draft.people.length > 1;
  const looks = [];
  const entered = (pointer) => {
    looks.forEach((look) => look());
    changed(pointer);
  };
  put(place,
    h('p', { class: 'hint' }, t('people_hint')),
    draft.people.map((one, index) => person(one, index, draft, errorAt, entered, looks,
      many && h('button', { type: 'button', class: 'small', on: { click: () => remove(index) } }, t('person_remove', { n: index + 1 })))),
    draft.people.length < LARGEST_PARTY && h('button', {
      type: 'button', id: 'person-add', on: { click: () => resize(draft.people.length + 1, draft.people.length) },
    }, t('person_add')));

  function remove(index) {
    draft.people.splice(index, 1);
    resize(draft.people.length, Math.max(0, index - 1));
  }
}

function person(one, index, draft, errorAt, entered, looks, remove) {
  const at = `/applicants/${index}`;
  const warning = h('p', { class: 'hint warn', role: 'status' });
  const count = h('span', { class: 'count', 'aria-hidden': 'true' });

  const look = () => {
    const typed = digits(one.nik).length;
    count.textContent = typed && typed !== 16 ? t('nik_count', { n: typed }) : '';
    const text = differsFromNik(one) ? t('birth_note') : '';
    if (warning.textContent !== text) warning.textContent = text;
    guardian.hidden = !needsGuardian(one, draft) && !one.guardian && !errorAt(`${at}/guardian_name`);
  };
  looks.push(look);
  const set = (field, pointer) => (value) => {
    one[field] = value;
    entered(pointer);
  };
  const entry = (field, label, attributes, hint, pointer = `${at}/${field}`) =>
    line({ pointer, label, hint, value: one[field], error: errorAt(pointer), attributes, onInput: set(field, pointer) });
  const nameLike = { autocomplete: 'off', maxlength: 100, required: true, autocapitalize: 'words', spellcheck: 'false' };

  const nik = entry('nik', t('nik'), { inputmode: 'numeric', autocomplete: 'off', maxlength: 24, required: true, spellcheck: 'false' }, t('nik_hint'));
  nik.append(count);
  const guardian = entry('guardian', t('guardian'), nameLike, t('guardian_hint'), `${at}/guardian_name`);
  look();
  return h('fieldset', { class: 'person' },
    h('legend', { id: `person-${index}` }, t('person', { n: index + 1 })),
    nik,
    entry('name', t('name'), nameLike),
    birth(one, at, errorAt, set),
    warning,
    guardian,
    draft.lane === 'priority' && choice({
      pointer: `${at}/priority_ground`, label: t('ground'), value: one.ground, error: errorAt(`${at}/priority_ground`),
      options: GROUNDS.map((ground) => [ground, t(`ground_${ground || 'age'}`)]),
      onInput: set('ground', `${at}/priority_ground`),
    }),
    remove);
}

/** Day, month by name (so that the two can not be swapped), year. */
function birth(one, at, errorAt, set) {
  const pointer = `${at}/birth_date`;
  const id = idOf(pointer);
  const error = errorAt(pointer);
  const onInput = (field) => set(field, pointer);
  const number = (field, label, maxlength) => line({
    pointer: `${pointer}/${field}`, label, value: one[field], onInput: onInput(field),
    attributes: { inputmode: 'numeric', maxlength, autocomplete: 'off', class: field, 'aria-invalid': error && 'true' },
  });
  const months = [...Array(12).keys()].map((n) => [String(n + 1), monthName(`2024-${String(n + 1).padStart(2, '0')}-01`, 'long')]);
  return h('fieldset', { class: 'birth', id, tabindex: '-1', 'aria-describedby': error && `${id}-error` },
    h('legend', {}, t('birth')),
    error && h('p', { class: 'error', id: `${id}-error` }, error),
    h('div', { class: 'row' },
      number('day', t('birth_day'), 2),
      choice({ pointer: `${pointer}/month`, label: t('birth_month'), value: one.month, options: [['', '—'], ...months], onInput: onInput('month') }),
      number('year', t('birth_year'), 4)));
}

/** What is wrong with the applicants, as far as the page can see. */
export function faultsOfPeople(draft) {
  const { people, lane } = draft;
  const faults = [];
  people.forEach((one, index) => {
    const at = `/applicants/${index}`;
    const fault = (field, key = `invalid_${field}`) => faults.push({ pointer: `${at}/${field}`, key });
    const nik = digits(one.nik);
    if (nik.length !== 16) fault('nik');
    else if (people.findIndex((other) => digits(other.nik) === nik) < index) fault('nik', 'invalid_nik_twice');
    if (!one.name.trim()) fault('name');
    if (!birthDate(one)) fault('birth_date');
    if (needsGuardian(one, draft) && !one.guardian.trim()) fault('guardian_name');
    if (lane === 'priority' && birthDate(one) && !one.ground && !entitledByAge(one, draft)) fault('priority_ground');
  });
  return faults;
}
