// Give one building, by a click or from a list, to a neighbour of its grid, or to the plan of a neighbouring community or village.
import {Offline} from '../api.js';
import {openPlan} from '../around.js';
import {drawPanel, offerList} from '../panel.js';
import {t} from '../words.js';

export function give(ctx) {
  let bid = null;
  const reset = () => {
    bid = null;
    ctx.map.picked = null;
    ctx.map.offered = new Set();
    ctx.hint(t('hint_give'));
    ctx.map.mark([]);
    drawPanel(ctx);
  };
  const take = (id) => {
    const cells = ctx.state.cells.filter((cell) => cell.bid === bid).map((cell) => cell.cell);
    const action = {kind: 'give', building: bid, to: id};
    reset();
    ctx.act(action, {done: 'done_give', lean: {cells, to: id}}).then((done) => { if (done) ctx.choose(id); });
  };
  const handOver = async (building, row) => {
    try {
      const {plans} = await ctx.api.transfer(building, ctx.state.rev, row);
      openPlan(plans[0].plan_id);
    } catch (error) {
      if (!(error instanceof Offline) && error.status === undefined) throw error;
      ctx.notice(ctx.refused(error));
    }
  };
  /** The outlines of both move: the planner says so first. */
  const ask = (row) => {
    const building = bid;
    ctx.notice(t('transfer_ask', {name: building, area: row.area_name || row.area_code}), {
      stays: true, actions: [[t('transfer_go'), () => { ctx.clearNotice(); handOver(building, row); }]],
    });
  };
  const pick = (building) => {
    bid = String(building.get('bid'));
    const name = building.get('name') || bid;
    const ids = ctx.state.neighboursOfBuilding(bid);
    ctx.map.picked = building.get('bid');
    ctx.map.chosen = null;
    ctx.map.offered = new Set(ids);
    ctx.map.mark([]);
    ctx.hint(ids.length ? t('hint_give_to', {name}) : t('no_neighbour'));
    offerList(ctx, t('give_to'), ids, take);
  };
  return {
    start() { ctx.setLevel(ctx.state.levels[ctx.state.levels.length - 1]); reset(); },
    click(at) {
      const building = ctx.map.buildingAt(at);
      const grid = ctx.map.gridAt(at);
      if (bid !== null && ctx.map.offered.has(grid)) take(grid);
      else if (building) pick(building);
      else if (bid !== null && ctx.around.planAt(at)) ask(ctx.around.planAt(at));
      else ctx.notice(t('no_building'));
    },
    cancel() { const had = bid !== null; if (had) reset(); return had; },
    stop() { ctx.map.picked = null; ctx.map.offered = new Set(); ctx.map.mark([]); drawPanel(ctx); },
  };
}
