// Select a grid: its card opens.
import {t} from '../words.js';

export function select(ctx) {
  return {
    start() { ctx.hint(t('hint_select')); },
    click(at) { ctx.choose(ctx.map.gridAt(at)); },
    stop() {},
  };
}
