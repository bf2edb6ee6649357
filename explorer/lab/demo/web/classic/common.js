// The clock, the number of agents and the question before signing out.
(() => {
  const clock = document.getElementById('clock');
  const agents = document.getElementById('agents');
  const tick = () => { clock.textContent = new Date().toLocaleTimeString(document.body.dataset.lang); };
  const count = () => { agents.textContent = agents.dataset.text.replace('{n}', 3 + Math.floor(Math.random() * 9)); };
  tick(); count();
  setInterval(tick, 1000);
  setInterval(count, 2300);
  const logout = document.getElementById('logout');
  if (logout) logout.addEventListener('submit', event => { if (!confirm(logout.dataset.confirm)) event.preventDefault(); });
})();
