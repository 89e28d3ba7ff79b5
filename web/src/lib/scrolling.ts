// SPDX-License-Identifier: GPL-3.0-or-later
// Scrolls `scroller` to `top` as soon as what is in it is long enough, unless somebody scrolls it before. Returns how to give up.
export function scrollOnce(scroller: HTMLElement, top: number): () => void {
  const acts = ['wheel', 'pointerdown', 'keydown'];
  const observer = new ResizeObserver(reach);
  function end(): void {
    observer.disconnect();
    for (const act of acts) scroller.removeEventListener(act, end);
  }
  function reach(): void {
    scroller.scrollTop = top;
    if (Math.ceil(scroller.scrollTop) >= Math.floor(top)) end();
  }
  for (const act of acts) scroller.addEventListener(act, end, { passive: true });
  for (const part of scroller.children) observer.observe(part);
  return end;
}
