// A picture larger than its frame begins in the middle, where a city has most of what is on.
for (const frame of document.querySelectorAll("[data-middle]")) {
  frame.scrollTo((frame.scrollWidth - frame.clientWidth) / 2, (frame.scrollHeight - frame.clientHeight) / 2);
}
