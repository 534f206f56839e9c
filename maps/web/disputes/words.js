// The words of the page of disputed ground: Chinese first, English second.
import {speaker} from '../parts/words.js';

const ROWS = {
  title: ['争议地', 'disputed ground'], language: ['EN', '中文'], language_label: ['EN: switch to English', '中文：切换为中文'],
  sample: ['示例数据', 'Sample data'], sample_long: ['示例数据，人口与事件均为虚构', 'Sample data: people and events are invented'],
  disclaimer: ['界线不作为划界依据', 'Borders are no legal ground for delimitation'],
  map: ['地图', 'Map'], zoom_in: ['放大', 'Zoom in'], zoom_out: ['缩小', 'Zoom out'], fit: ['全图', 'Whole map'], town: ['全镇地图', 'Town map'],
  overlap: ['重叠', 'Overlap'], gap: ['空隙', 'Gap'], outline: ['基础网格轮廓', 'Outline of a basic grid'],
  overlap_long: ['几份边界都划进了这块地', 'several outlines claim this ground'], gap_long: ['几份边界都没有划进这块地', 'no outline takes this ground in'],
  m2: ['{n} 平方米', '{n} m²'], border: ['公共边界 {n} 米', '{n} m of common border'], between: ['{names}之间', 'between {names}'],
  sum: ['{n} 处争议地，共 {m2} 平方米', '{n} pieces of disputed ground, {m2} m²'],
  why: ['划定归属之前，相关基础网格不能发布。', 'The basic grids beside them are not published before each piece is assigned.'],
  give: ['划给 {name}', 'Give to {name}'], looking: ['只有规划员可以划定。', 'Only a planner may assign them.'],
  confirm: ['把这块争议地划给 {name}？', 'Give this ground to {name}?'],
  confirm_many: ['划定 {n} 处小块争议地？', 'Assign {n} small pieces?'],
  effect: ['轮廓随之改变并重切地块，之后要重新提出方案。这一步不能撤销。', 'Outlines change and the ground is cut anew: propose plans again afterwards. This is not undone.'],
  yes: ['确认划定', 'Assign'], cancel: ['取消', 'Cancel'], close: ['关闭', 'Close'],
  small: ['小块一并划定', 'Assign small pieces together'], small_below: ['小于', 'Smaller than'], small_unit: ['平方米，划给公共边界最长的一方', 'm², each to whom it shares most border with'],
  preview: ['先看清单', 'Show the list'], small_none: ['没有小于 {n} 平方米的争议地', 'No piece is smaller than {n} m²'],
  working: ['正在划定并重切地块… {s} 秒', 'Assigning, cutting the ground anew… {s} s'], done: ['已划给 {name}', 'Given to {name}'], done_many: ['已划定 {n} 处', '{n} pieces assigned'],
  none: ['没有争议地', 'No disputed ground'], all: ['争议地已全部划定', 'All disputed ground is assigned'],
  next: ['各基础网格的轮廓无缝相接。现在可以重新提出方案并发布。', 'The outlines meet without a seam. Plans can be proposed again and published now.'], open_town: ['打开全镇地图', 'Open the town map'],
  loading: ['正在载入…', 'Loading…'], retry: ['重试', 'Try again'],
  offline: ['网络中断，没有载入或保存。', 'The network failed: nothing was loaded or saved.'], server: ['服务器没有完成这一步，请稍后再试。', 'The server could not finish this step, try again later.'],
  unloaded: ['已划定，但最新状态没有载入。', 'Assigned, but the latest state could not be loaded.'],
};

export const {t, said, setLanguage, language} = speaker(ROWS);
