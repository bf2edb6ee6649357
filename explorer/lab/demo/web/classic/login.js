// Asks the sign-in server for a token and the portal for a session with it.
(() => {
  const form = document.getElementById('login');
  const problem = document.getElementById('login-problem');
  const post = (url, data) => fetch(url, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(data)});
  form.addEventListener('submit', async event => {
    event.preventDefault();
    problem.textContent = '';
    try {
      const response = await post(form.dataset.url, {user: form.elements.user.value, password: form.elements.password.value});
      if (response.status === 401) { problem.textContent = form.dataset.wrong; return; }
      const {token} = await response.json();
      await post('/session', {token});
      location.href = form.dataset.next;
    } catch {
      problem.textContent = form.dataset.failed;
    }
  });
})();
