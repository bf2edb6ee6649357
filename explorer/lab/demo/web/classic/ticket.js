// Sends the request to the ticket system and goes on to the page with its number.
(() => {
  const form = document.getElementById('ticket');
  let dirty = false;
  form.addEventListener('input', () => { dirty = true; });
  window.addEventListener('beforeunload', event => { if (dirty) event.preventDefault(); });
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const response = await fetch(form.dataset.url, {
      method: 'POST',
      headers: {'Content-Type': 'application/json'},
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
    });
    const answer = await response.json();
    if (!answer.number) return;
    dirty = false;
    location.href = `/tickets/done?number=${encodeURIComponent(answer.number)}`;
  });
})();
