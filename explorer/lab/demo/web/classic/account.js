// Fetches the customer's data and fills the page with it.
(async () => {
  const root = document.getElementById('account');
  const {lang, token} = document.body.dataset;
  const headers = {Authorization: `Bearer ${token}`};
  const response = await fetch(`${root.dataset.url}/profile?lang=${lang}`, {headers});
  const profile = await response.json();
  for (const place of root.querySelectorAll('[data-fill]')) place.textContent = profile[place.dataset.fill];
  for (const place of root.querySelectorAll('[data-rows]')) {
    for (const item of profile[place.dataset.rows]) {
      const row = place.insertRow();
      for (const value of Object.values(item)) row.insertCell().textContent = value;
    }
  }
  root.querySelector('.waiting').remove();
  document.getElementById('loaded').hidden = false;
  document.getElementById('delete').addEventListener('click', async () => {
    if (!confirm(root.dataset.confirm)) return;
    await fetch(root.dataset.url, {method: 'DELETE', headers});
    location.href = '/';
  });
})();
