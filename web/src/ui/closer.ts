/** Looking closer at a picture in its frame: by the wheel about the pointer, and by dragging what is larger than the frame. */
import type { Zoom } from './zoom.svelte.ts';

/** Attached to the frame; gives what ends it. */
export const closerIn = (zoom: Zoom) => (frame: HTMLElement) => {
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const { left, top, width, height } = frame.getBoundingClientRect();
    zoom.by(2 ** (-event.deltaY / 240), { x: (event.clientX - left) / width, y: (event.clientY - top) / height });
  };
  const drag = (event: PointerEvent) => {
    if (event.buttons !== 1 || !zoom.closer) return;
    zoom.move(event.movementX / frame.clientWidth, event.movementY / frame.clientHeight);
  };
  const hold = (event: PointerEvent) => zoom.closer && frame.setPointerCapture(event.pointerId);
  frame.addEventListener('wheel', wheel, { passive: false });
  frame.addEventListener('pointerdown', hold);
  frame.addEventListener('pointermove', drag);
  return () => {
    frame.removeEventListener('wheel', wheel);
    frame.removeEventListener('pointerdown', hold);
    frame.removeEventListener('pointermove', drag);
  };
};
