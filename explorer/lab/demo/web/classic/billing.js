// A second click must not start a second checkout.
(() => {
  const form = document.querySelector('form[action="/billing/pay"]');
  if (form) form.addEventListener('submit', () => { form.querySelector('button').disabled = true; });
})();
