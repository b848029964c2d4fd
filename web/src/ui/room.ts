/** How high an element may be so that it, and what follows it, end with the window. */

/** Pixels, less than which nothing can be seen on. */
const LEAST = 220;

/** Keeps the custom property `--room` of an element: the window's height without what stands above it and `below` pixels. */
export function withRoom(below: number): (element: HTMLElement) => () => void {
  return (element) => {
    const look = () => {
      const top = element.getBoundingClientRect().top + scrollY;
      element.style.setProperty('--room', `${Math.max(LEAST, Math.floor(innerHeight - top - below))}px`);
    };
    // what stands above may grow or shrink: a reason in two lines, a message
    const watch = new ResizeObserver(look);
    watch.observe(document.body);
    addEventListener('resize', look);
    look();
    return () => {
      watch.disconnect();
      removeEventListener('resize', look);
    };
  };
}
