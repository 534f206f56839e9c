// Whether what was done is kept: saved, on its way, or waiting for the network.
import {$} from './dom.js';
import {t} from './words.js';

/** Show the state of the outbox (edits.js) in the page's head. */
export function showStatus(word, waiting) {
  const tag = $('saved');
  tag.dataset.state = word;
  tag.textContent = t(`edits_${word}`, {n: waiting});
  tag.className = `tag ${word === 'offline' ? 'bad' : word === 'saved' ? 'good' : ''}`;
}
