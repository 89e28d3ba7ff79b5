// SPDX-License-Identifier: GPL-3.0-or-later
// Charts and tables as files. Nothing leaves the browser for it.
import { resolved } from './palette';

const kStyles = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'opacity', 'font-size', 'font-family', 'font-weight', 'text-anchor'];
const kScale = 2; // pixels of the picture for one of the page

function save(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}

// A spreadsheet takes text that begins like this for a formula, and names come from the network.
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvOf(lines: readonly (readonly string[])[]): string {
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

export function saveText(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  save(address, name);
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// The drawing with all that style sheets say written into its elements, so that it looks the same alone.
function standalone(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  const [from, to] = [[drawing, ...drawing.querySelectorAll('*')], [copy, ...copy.querySelectorAll('*')]];
  from.forEach((element, index) => {
    const style = getComputedStyle(element);
    const target = to[index];
    target?.removeAttribute('style');
    target?.removeAttribute('class');
    for (const name of kStyles) target?.setAttribute(name, style.getPropertyValue(name));
  });
  const { width, height } = drawing.getBoundingClientRect();
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return new XMLSerializer().serializeToString(copy);
}

// What lies over a drawing and belongs to it: the ticks of dropped packets.
function marksOver(drawing: Element, stage: HTMLElement): { x: number; y: number; width: number; height: number; colour: string }[] {
  const { left, top } = drawing.getBoundingClientRect();
  return [...stage.querySelectorAll<HTMLElement>('[data-drop]')].map((mark) => {
    const box = mark.getBoundingClientRect();
    return { x: box.left + mark.clientLeft - left, y: box.top - top, width: mark.clientWidth, height: box.height, colour: getComputedStyle(mark).backgroundColor };
  });
}

function painted(image: CanvasImageSource, drawing: Element, stage: HTMLElement): string {
  const { width, height } = drawing.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = width * kScale;
  canvas.height = height * kScale;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas');
  context.scale(canvas.width / width, canvas.height / height);
  context.fillStyle = resolved('--card');
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  for (const mark of marksOver(drawing, stage)) {
    context.fillStyle = mark.colour;
    context.fillRect(mark.x, mark.y, mark.width, mark.height);
  }
  return canvas.toDataURL('image/png');
}

// Saves the first drawing below `stage` as PNG, with what lies over it.
export async function savePicture(stage: HTMLElement, name: string): Promise<void> {
  const drawing = stage.querySelector('canvas, svg');
  if (drawing === null) return;
  if (drawing instanceof HTMLCanvasElement) {
    save(painted(drawing, drawing, stage), name);
  } else if (drawing instanceof SVGSVGElement) {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(drawing))}`;
    await image.decode();
    save(painted(image, drawing, stage), name);
  }
}
