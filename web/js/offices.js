/** Step 1: province and office, with the office's honest status. */
import { h, put } from './dom.js';
import { cards, choice } from './fields.js';
import { reasonText } from './refusal.js';
import { t } from './texts.js';
import { moment, zone } from './when.js';

const byName = (a, b) => a.localeCompare(b, 'id');

/** Draw the step. `chosen` is {province, officeId}; `choose` is called with what changes. */
export function drawOffices(place, offices, chosen, errorAt, choose) {
  if (!offices.length) {
    put(place, h('p', { class: 'notice' }, t('offices_none')));
    return;
  }
  const provinces = [...new Set(offices.map((office) => office.province))].sort(byName);
  const here = offices.filter((office) => office.province === chosen.province);
  here.sort((a, b) => byName(a.name, b.name));
  const noProvince = !chosen.province && errorAt('/office_id');
  put(place,
    choice({
      pointer: '/province', label: t('province'), value: chosen.province, error: noProvince,
      options: [['', t('province_none')], ...provinces.map((name) => [name, name])],
      onInput: (province) => choose({ province, officeId: '' }),
    }),
    chosen.province && cards({
      pointer: '/office_id', label: t('office_which', { province: chosen.province }),
      error: errorAt('/office_id'), value: chosen.officeId,
      options: here.map((office) => ({
        value: office.office_id,
        text: office.name,
        hint: office.city,
        badge: h('span', { class: `badge ${office.status}` }, t(`office_${office.status}`)),
      })),
      onInput: (officeId) => choose({ officeId }),
    }),
    status(here.find((office) => office.office_id === chosen.officeId), here, choose));
}

function status(office, neighbours, choose) {
  if (!office) return null;
  if (office.status === 'open') return h('p', { class: 'hint' }, t('office_zone', { zone: zone(office.timezone) }));
  const open = neighbours.filter((one) => one.status === 'open');
  return h('div', { class: 'notice warn', role: 'status' },
    h('p', {}, h('strong', {}, t(`office_${office.status}_long`, { office: office.name }))),
    office.status_reason && h('p', {}, t('office_why', { reason: reasonText(office.status_reason) })),
    office.next_release && h('p', {}, t('office_when', { when: moment(office.next_release, office.timezone) })),
    h('p', {}, open.length ? t('office_other', { province: office.province }) : t('office_other_none')),
    h('p', { class: 'row' }, open.slice(0, 4).map((one) =>
      h('button', { type: 'button', on: { click: () => choose({ officeId: one.office_id }) } }, one.name))));
}
