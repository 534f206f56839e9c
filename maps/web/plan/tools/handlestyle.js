// How handles are drawn: a junction of borders is round, a corner of one square.
import {CircleStyle, Fill, RegularShape, Stroke, Style} from '/static/vendor/ol.js';

export function handleStyle(table) {
  const paint = {fill: new Fill({color: '#fff'}), stroke: new Stroke({color: table.colours.selection, width: 2.4})};
  const junction = new Style({image: new CircleStyle({radius: 6.5, ...paint}), zIndex: 1});
  const corner = new Style({image: new RegularShape({points: 4, radius: 6, angle: Math.PI / 4, ...paint})});
  return (feature) => (feature.get('kind') === 'junction' ? junction : corner);
}
