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
  opened = [...document.querySelectorAll('details:not([open])')];
  for (const one of opened) { one.removeAttribute('name'); one.open = true; }
});
addEventListener('afterprint', () => { for (const one of opened) one.open = false; });
const filters = document.querySelector('.filters');
if (filters) {
  const rows = [...document.querySelectorAll('#all tbody tr')];
  const words = rows.map((row) => row.textContent.toLowerCase());
  const told = document.querySelector('#told');
  const apply = () => {
    const wanted = [...filters.querySelectorAll('select')].filter((s) => s.value).map((s) => [s.name, s.value]);
    const text = filters.querySelector('input').value.trim().toLowerCase();
    let left = 0;
    rows.forEach((row, n) => {
      const fits = wanted.every(([name, value]) => row.dataset[name] === value) && words[n].includes(text);
      row.hidden = !fits;
      left += fits;
    });
    told.textContent = `${left} of ${rows.length} shown`;
  };
  filters.addEventListener('input', apply);
  apply();
}
