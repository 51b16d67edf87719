// Rings once, so many milliseconds after the last message; a negative number silences it.
let timer;
onmessage = ({ data }) => {
  clearTimeout(timer);
  if (data >= 0) timer = setTimeout(postMessage, data, null);
};
