// Runs in our isolated world of one frame, after axe-core: what is amiss there, as JSON. It changes nothing and asks for nothing.
(async () => {
  const MOST = 20;
  // Most of axe-core's time goes into colours. What is plainly dark on light or light on dark is not handed to it.
  const colour = (text) => { const m = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(text); return m && [+m[1], +m[2], +m[3], m[4] === undefined ? 1 : +m[4]]; };
  const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const style = getComputedStyle(at), c = colour(style.backgroundColor);
      if (!c || style.opacity !== '1') return null;
      if (c[3] === 1) return c;
      if (c[3] > 0) return null;
    }
    return [255, 255, 255, 1];
  };
  const doubtful = (e) => {
    const ink = colour(getComputedStyle(e).color), paper = ground(e);
    if (!ink || !paper || ink[3] < 1) return true;
    const [a, b] = [light(ink), light(paper)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.6;
  };
  const texts = () => {
    const found = new Set(), walk = document.createTreeWalker(document.body || document.documentElement, NodeFilter.SHOW_TEXT);
    for (let n = walk.nextNode(), left = 3000; n && left; n = walk.nextNode(), left--) if (n.data.trim() && n.parentElement) found.add(n.parentElement);
    return [...found].filter((e) => e.getClientRects().length && doubtful(e)).slice(0, 100);
  };
  const words = (e) => (e.getAttribute('aria-label') || e.innerText || e.getAttribute('placeholder') || e.getAttribute('alt') || e.id || '').replace(/\s+/g, ' ').trim().slice(0, 60);
  const told = { axe: [], forms: [], problem: '' };
  const size = document.querySelectorAll('*').length;
  if (size > 20000) {
    told.problem = `A page of ${size} elements is too large to be looked at`;
  } else {
    try {
      const how = { resultTypes: ['violations'], reporter: 'no-passes', iframes: false, preload: false };
      const found = await axe.run(document, {
        ...how, runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] },
        rules: { 'color-contrast': { enabled: false } },
      });
      const include = texts();
      if (include.length) found.violations.push(...(await axe.run({ include }, { ...how, runOnly: ['color-contrast'] })).violations);
      for (const violation of found.violations) {
        for (const node of violation.nodes.slice(0, MOST)) {
          const target = node.target.flat().join(' ');
          let element = null;
          try { element = node.target.length === 1 && typeof node.target[0] === 'string' ? document.querySelector(node.target[0]) : null; } catch { /* a selector that only axe reads */ }
          const why = [...node.any, ...node.all, ...node.none][0];
          told.axe.push([violation.id, node.impact || violation.impact || 'minor', violation.help, target, element ? words(element) : '', why ? why.message : '']);
        }
        if (violation.nodes.length > MOST) told.axe.push([violation.id, violation.impact || 'minor', violation.help, '', '', `${violation.nodes.length - MOST} further elements`]);
      }
    } catch (error) {
      told.problem = `axe-core could not read the page: ${String(error && error.message || error).slice(0, 200)}`;
    }
  }
  for (const form of [...document.forms].slice(0, 100)) {
    const secret = [...form.elements].some((e) => e.type === 'password');
    const goal = new URL(form.getAttribute('action') || '', document.baseURI);
    const name = words(form.querySelector('legend, h1, h2, h3, [type=submit], button') || form);
    if (location.protocol === 'https:' && goal.protocol === 'http:') told.forms.push(['form-sent-in-clear', secret, name, goal.host]);
    if (secret && (form.getAttribute('method') || 'get').toLowerCase() === 'get' && form.hasAttribute('action')) told.forms.push(['form-password-in-address', secret, name, '']);
  }
  for (const field of [...document.querySelectorAll('input[type=password]')].slice(0, 20)) {
    const name = words(field.labels && field.labels[0] || field);
    if (!isSecureContext && location.protocol === 'http:') told.forms.push(['form-password-in-clear', true, name, '']);
    if (!field.getAttribute('autocomplete') && !(field.form && field.form.getAttribute('autocomplete'))) told.forms.push(['form-no-autocomplete', true, name, '']);
  }
  return JSON.stringify(told);
})()
