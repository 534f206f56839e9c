// Who else has the plan open, and what they change, by server-sent events; the browser opens a lost stream again by itself.
import {$, h} from './dom.js';
import {t} from './words.js';

/** Follow a plan: `changed` is called with a revision that the page has not seen, `accepted` when somebody signed a reason or withdrew that, `news` by the kind of what else changed (all of it when a stream opens again). */
export function follow({api, state, changed, accepted, news = {}}) {
  const here = h('span', {id: 'here', class: 'here', role: 'status'});
  $('sub').after(here);
  const stream = new EventSource(api.events(state.rev));
  stream.addEventListener('move', (event) => {
    const move = JSON.parse(event.data);
    if (move.rev > state.rev) changed(move);
  });
  stream.addEventListener('accepted', () => accepted());
  stream.addEventListener('here', (event) => {
    const {who} = JSON.parse(event.data);
    here.textContent = who.length > 1 ? t('here', {who: who.join('、')}) : '';
  });
  let opened = false;
  stream.addEventListener('open', () => {
    if (opened) Object.values(news).forEach((run) => run());
    opened = true;
  });
  Object.entries(news).forEach(([kind, run]) => stream.addEventListener(kind, run));
  window.addEventListener('pagehide', () => stream.close());
}
