/** Small hands for the document. Text only ever enters it as text. */

/** Build an element. `on` holds listeners; false, null and undefined attributes are left out. */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  return add(element, children);
}

/** Put `children` in place of what `element` holds. */
export function put(element, ...children) {
  element.textContent = '';
  return add(element, children);
}

function add(element, children) {
  const some = children.flat(9).filter((child) => child !== false && child !== null && child !== undefined);
  element.append(...some);
  return element;
}

/** Read `text` out to people who do not see the page change. */
export function say(text) {
  document.getElementById('said').textContent = text;
}

/** Move the focus (and the page) to `element`, which need not be a control. */
export function focusOn(element) {
  if (!element) return;
  if (!element.matches('a, button, input, select, [tabindex]')) element.setAttribute('tabindex', '-1');
  element.focus();
}

/** Run `change`, then give the focus back to the control that had it, by its id. */
export function keepFocus(change) {
  const id = document.activeElement && document.activeElement.id;
  change();
  const again = id && document.getElementById(id);
  if (again && again !== document.activeElement) again.focus({ preventScroll: true });
}
