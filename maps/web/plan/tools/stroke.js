// A stroke of mouse, pen or finger over the map: one finger draws, two move and zoom the map, and so does the space bar held.
import {PointerInteraction} from '/static/vendor/ol.js';

let space = false;
const isField = (node) => /^(INPUT|TEXTAREA|SELECT|BUTTON)$/.test(node.tagName);
document.addEventListener('keydown', (event) => { if (event.key === ' ' && !isField(event.target)) { space = true; event.preventDefault(); } });
document.addEventListener('keyup', (event) => { if (event.key === ' ') space = false; });
window.addEventListener('blur', () => { space = false; });

export class Stroke extends PointerInteraction {
  /** begins(event): whether a stroke begins here; moves(event), ends(event), breaks(): a second finger came. */
  constructor(steps) {
    super();
    this.steps = steps;
    this.last = null;
    this.broken = false;
  }

  handleDownEvent(event) {
    const press = event.originalEvent;
    if (space || press.button !== 0 || this.targetPointers.length > 1) return false;
    this.broken = false;
    this.last = null;
    return this.steps.begins(event);
  }

  handleDragEvent(event) {
    if (this.targetPointers.length > 1 && !this.broken) {
      this.broken = true;
      this.steps.breaks();
    }
    if (this.broken) this.pan(event);
    else this.steps.moves(event);
  }

  handleUpEvent(event) {
    this.last = null;
    if (this.targetPointers.length) return true;
    if (!this.broken) this.steps.ends(event);
    return false;
  }

  /** Move the map with the fingers' middle; the pinch itself is OpenLayers'. */
  pan(event) {
    const middle = ['clientX', 'clientY'].map((key) => this.targetPointers.reduce((sum, one) => sum + one[key], 0) / this.targetPointers.length);
    const view = event.map.getView();
    if (this.last && this.last.fingers === this.targetPointers.length) {
      view.adjustCenter([(this.last.middle[0] - middle[0]) * view.getResolution(), (middle[1] - this.last.middle[1]) * view.getResolution()]);
    }
    this.last = {middle, fingers: this.targetPointers.length};
  }
}
