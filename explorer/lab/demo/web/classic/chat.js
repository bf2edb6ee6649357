// Live chat: the socket is opened when the visitor asks for it.
(() => {
  const chat = document.getElementById('chat');
  const start = document.getElementById('chat-start');
  const status = document.getElementById('chat-status');
  const log = document.getElementById('chat-log');
  const form = document.getElementById('chat-form');
  let socket = null;

  const show = (from, text) => {
    const line = document.createElement('p');
    const name = document.createElement('b');
    name.textContent = from;
    line.append(name, ' ', text);
    line.className = from === chat.dataset.you ? 'mine' : 'theirs';
    log.append(line);
    log.scrollTop = log.scrollHeight;
  };

  start.addEventListener('click', () => {
    let connected = false;
    start.disabled = true;
    status.className = 'note';
    status.textContent = chat.dataset.connecting;
    socket = new WebSocket(chat.dataset.url);
    socket.onopen = () => {
      connected = true;
      status.textContent = '';
      start.hidden = true;
      log.hidden = form.hidden = false;
      form.elements.line.focus();
    };
    socket.onmessage = event => { const said = JSON.parse(event.data); show(said.from, said.text); };
    socket.onclose = () => {
      start.disabled = start.hidden = false;
      form.hidden = true;
      status.className = 'note error';
      status.textContent = connected ? chat.dataset.closed : chat.dataset.failed;
    };
  });

  form.addEventListener('submit', event => {
    event.preventDefault();
    const text = form.elements.line.value.trim();
    if (!text) return;
    socket.send(JSON.stringify({text}));
    show(chat.dataset.you, text);
    form.reset();
  });
})();
