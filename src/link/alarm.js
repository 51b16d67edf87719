// Rings once, so many milliseconds after the last message.
let timer;
onmessage = ({ data }) => {
  clearTimeout(timer);
  timer = setTimeout(postMessage, data, null);
};
