// A household's address as people write it: estate and building, then stairwell, floor or room.

const DIGITS = '一二三四五六七八九';
const TAIL = /[-第]??(?:(?<well>\d{1,2}|[一二三四五六七八九十]{1,3})(?<unit>单元|门|梯))?第?(?:(?<floor>[-负]?\d{1,2}|[一二三四五六七八九十]{1,3})[层楼f])?-?(?:(?<below>b|负|地下)?(?<room>\d{3,4})[室号户房]?)?$/;
const SHORT = /^(?<building>.*?\d+)-(?<well>\d{1,2})-(?<below>b|负|地下)?(?<room>\d{3,4})[室号户房]?$/;

/** A number in Chinese or Arabic digits, up to 99. */
function numberOf(text) {
  if (/\d/.test(text)) return Number(text.replace('负', '-'));
  const [tens, ones] = text.includes('十') ? text.split('十') : ['', text];
  return (text.includes('十') ? 10 * (DIGITS.indexOf(tens) + 1 || 1) : 0) + DIGITS.indexOf(ones) + 1;
}

/** A stairwell in one way of writing: a bare number is a 单元. */
export function stairwellOf(text) {
  const found = /^第?(\d{1,2}|[一二三四五六七八九十]{1,3})(单元|门|梯)?$/.exec(text ?? '');
  return found ? `${numberOf(found[1])}${found[2] || '单元'}` : text ?? null;
}

/** A building's name in one way of writing: 3栋, 3幢 and 3号楼 are one. */
export const buildingName = (text) => text.replace(/(\d+|[一二三四五六七八九十]+)(?:号楼|栋|幢|座|#楼?|楼)/g, (_, n) => `${numberOf(n)}号楼`);

/** 3: a building's own name, 2: its end, as 3号楼 of an estate (not of 13号楼), 0: another building. */
export function named(name, wanted) {
  const own = buildingName(name);
  if (own === wanted) return 3;
  return own.endsWith(wanted) && !/\d$/.test(own.slice(0, -wanted.length)) ? 2 : 0;
}

/**
 * Take an address apart: {building, stairwell, floor}; null where it says nothing below the building.
 * The floor is the one said, else that of the room's number: 1502 is on 15, B101 on -1.
 */
export function addressOf(text) {
  const found = SHORT.exec(text) || TAIL.exec(text);
  const {building = text.slice(0, found.index), well, unit, floor, below, room} = found.groups;
  if (!building || (!well && !floor && !room)) return null;
  const ofRoom = room ? Number(room.slice(0, -2)) * (below ? -1 : 1) : null;
  const name = buildingName(/\d$/.test(building) ? `${building}号楼` : building);
  return {building: name, stairwell: well ? `${numberOf(well)}${unit || '单元'}` : null, floor: floor ? numberOf(floor) : ofRoom || null};
}
