/** What a checker of accessibility would say of the page as it is now: [what, where]. */
() => {
  const faults = [];
  const shown = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const all = (query) => [...document.querySelectorAll(query)].filter(shown);
  const where = (e) => e.outerHTML.slice(0, 120);
  const named = (e) => (e.getAttribute('aria-label') || e.textContent || '').trim();

  if (!['id', 'en'].includes(document.documentElement.lang)) faults.push(['lang', '']);
  if (!document.title.trim()) faults.push(['title', '']);
  for (const e of all('input, select, textarea')) {
    const labels = [...e.labels].filter((label) => label.textContent.trim());
    if (!labels.length) faults.push(['no label', where(e)]);
  }
  for (const e of all('button, a')) if (!named(e)) faults.push(['no name', where(e)]);
  for (const e of all('img')) if (!e.hasAttribute('alt')) faults.push(['no alt', where(e)]);
  for (const e of all('fieldset')) {
    if (!e.querySelector('legend')) faults.push(['no legend', where(e)]);
  }
  for (const e of all('table')) {
    if (!e.caption || !e.querySelector('th[scope]')) faults.push(['table', where(e)]);
  }
  const levels = all('h1, h2, h3, h4').map((e) => Number(e.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1) faults.push(['h1', levels.join()]);
  levels.forEach((level, n) => {
    if (level > (levels[n - 1] || 0) + 1) faults.push(['heading skips', levels.join()]);
  });
  const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
  for (const id of ids.filter((one, n) => ids.indexOf(one) < n)) faults.push(['same id', id]);
  for (const name of ['aria-describedby', 'aria-labelledby', 'for']) {
    for (const e of document.querySelectorAll(`[${name}]`)) {
      for (const id of e.getAttribute(name).split(' ')) {
        if (!document.getElementById(id)) faults.push([name, where(e)]);
      }
    }
  }
  for (const e of document.querySelectorAll('[style]')) faults.push(['inline style', where(e)]);
  if (document.scrollingElement.scrollWidth > innerWidth) faults.push(['scrolls sideways', '']);
  for (const e of all('button, .card, select, .field input, nav a')) {
    if (e.getBoundingClientRect().height < 40) faults.push(['small target', where(e)]);
  }

  // Contrast as WCAG 2 computes it; AA asks for 4.5, and 3 for large text.
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { rgb: [r, g, b], a };
  };
  const light = (rgb) => {
    const linear = (c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb.map((c) => linear(c / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (e) => {
    for (let up = e; up; up = up.parentElement) {
      const { rgb, a } = parse(getComputedStyle(up).backgroundColor);
      if (a === 1) return rgb;
    }
    return [255, 255, 255];
  };
  for (const e of all('body *')) {
    const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!text || e.closest('.unseen') || e.matches(':disabled, label:has(:disabled) *')) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(parse(style.color).rgb), light(behind(e))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) faults.push([`contrast ${ratio.toFixed(2)}`, where(e)]);
  }
  return faults;
}
