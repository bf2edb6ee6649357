// Sends the chosen file to the store and adds it to the table.
(() => {
  const form = document.getElementById('upload');
  const rows = document.querySelector('#files tbody');
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const body = new FormData(form);
    form.reset();
    const response = await fetch(`${form.dataset.url}/upload`, {method: 'POST', body}).catch(() => null);
    if (!response || !response.ok) return;
    const file = await response.json();
    const row = rows.insertRow();
    row.insertCell().textContent = file.name;
    row.insertCell().textContent = file.size;
    const link = document.createElement('a');
    link.href = `${form.dataset.url}/d/${file.id}`;
    link.textContent = form.dataset.download;
    row.insertCell().append(link);
  });
})();
