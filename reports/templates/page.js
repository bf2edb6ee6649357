'use strict';
document.documentElement.classList.add('js');
for (const pre of document.querySelectorAll('pre')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  const text = pre.textContent;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(pre.firstElementChild);
    }
  });
  pre.append(button);
}
let opened = [];
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('details:not([open])')].map((one) => [one, one.getAttribute('name')]);
  for (const [one] of opened) { one.removeAttribute('name'); one.open = true; }
});
addEventListener('afterprint', () => {
  for (const [one, name] of opened) { one.open = false; if (name) one.setAttribute('name', name); }
});
for (const filters of document.querySelectorAll('.filters')) {
  const list = document.getElementById(filters.dataset.list);
  const rows = [...list.querySelectorAll('tbody tr')];
  const words = rows.map((row) => row.textContent.toLowerCase());
  const told = filters.querySelector('output');
  const more = document.createElement('button');
  more.type = 'button';
  more.textContent = 'Show all';
  told.after(more);
  let most = 200; // rows at once: more than one looks through, few enough to follow each key
  const apply = () => {
    const wanted = [...filters.querySelectorAll('select')].filter((s) => s.value).map((s) => [s.name, s.value]);
    const text = filters.querySelector('input').value.trim().toLowerCase();
    let left = 0;
    rows.forEach((row, n) => {
      const fits = wanted.every(([name, value]) => row.dataset[name] === value) && words[n].includes(text);
      left += fits;
      row.classList.toggle('later', fits && left > most);
      if (row.hidden === fits) row.hidden = !fits;
    });
    for (const fold of list.querySelectorAll('details')) {
      fold.hidden = !fold.querySelector('tbody tr:not([hidden])');
      if (text || wanted.length) fold.open = true;
    }
    more.hidden = left <= most;
    told.textContent = left > most ? `${left} of ${rows.length}, the first ${most} shown` : `${left} of ${rows.length} shown`;
  };
  more.addEventListener('click', () => { most = Infinity; apply(); });
  filters.addEventListener('input', apply);
  apply();
}
