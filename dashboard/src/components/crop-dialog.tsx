import { useEffect, useId, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Note, Skeleton } from '@/components/ui/small';

interface Props {
  file: File;
  onDone: (image: Blob) => void;
  onClose: () => void;
}

interface View {
  /** How far the image is moved, in pixels of the window. */
  x: number;
  y: number;
  zoom: number;
}

/** The window that looks at the image, and the badge it becomes, in pixels a side. */
const WINDOW = 256;
const BADGE = 512;
const STEP = 8;

/** Cuts a square out of an image: dragged and zoomed, by hand or by keyboard. */
export default function CropDialog({ file, onDone, onClose }: Props) {
  const id = useId();
  const [image, setImage] = useState<HTMLImageElement | null>(null);
  const [broken, setBroken] = useState(false);
  const [view, setView] = useState<View>({ x: 0, y: 0, zoom: 1 });
  const grip = useRef<{ x: number; y: number } | null>(null);
  useEffect(() => {
    const address = URL.createObjectURL(file);
    const loading = new Image();
    loading.onload = () => setImage(loading);
    loading.onerror = () => setBroken(true);
    loading.src = address;
    return () => {
      loading.onload = loading.onerror = null;
      URL.revokeObjectURL(address);
    };
  }, [file]);
  const scale = image === null ? 1 : fit(image) * view.zoom;
  const change = (next: View) => setView(image === null ? next : kept(image, next));
  const drag = (event: PointerEvent) => {
    if (grip.current === null) return;
    change({
      ...view,
      x: view.x + event.clientX - grip.current.x,
      y: view.y + event.clientY - grip.current.y,
    });
    grip.current = { x: event.clientX, y: event.clientY };
  };
  const nudge = (event: KeyboardEvent) => {
    const by = MOVES[event.key];
    if (by === undefined) return;
    event.preventDefault();
    change({ ...view, x: view.x + by[0] * STEP, y: view.y + by[1] * STEP });
  };
  const cut = async () => {
    if (image !== null) onDone(await cutOut(image, view));
  };
  return (
    <Dialog open onOpenChange={onClose} title="Choose what the badge shows" className="max-w-sm">
      {broken ? (
        <Note tone="danger">This image cannot be read. Save it anew as PNG or JPEG, and try again.</Note>
      ) : (
        <div className="flex flex-col items-center gap-4">
          <div
            role="application"
            aria-label="The image. Move it with the arrow keys."
            tabIndex={0}
            className="relative cursor-grab touch-none overflow-hidden rounded-xl border bg-[repeating-conic-gradient(var(--line)_0_25%,var(--surface)_0_50%)] bg-[length:16px_16px] active:cursor-grabbing"
            style={{ width: WINDOW, height: WINDOW }}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              grip.current = { x: event.clientX, y: event.clientY };
            }}
            onPointerMove={drag}
            onPointerUp={() => (grip.current = null)}
            onPointerCancel={() => (grip.current = null)}
            onWheel={(event) => change({ ...view, zoom: view.zoom * (event.deltaY < 0 ? 1.06 : 0.94) })}
            onKeyDown={nudge}
          >
            {image === null ? (
              <Skeleton className="size-full" />
            ) : (
              <img
                src={image.src}
                alt=""
                draggable={false}
                className="pointer-events-none absolute top-1/2 left-1/2 max-w-none"
                style={{
                  width: image.naturalWidth * scale,
                  height: image.naturalHeight * scale,
                  transform: `translate(calc(-50% + ${view.x}px), calc(-50% + ${view.y}px))`,
                }}
              />
            )}
          </div>
          <div className="flex w-full items-center gap-3 text-sm">
            <label htmlFor={id}>Zoom</label>
            <input
              id={id}
              type="range"
              min={1}
              max={4}
              step={0.05}
              value={view.zoom}
              className="grow accent-accent"
              onChange={(event) => change({ ...view, zoom: Number(event.target.value) })}
            />
          </div>
        </div>
      )}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button variant="ghost" className="mr-auto" onClick={() => onDone(file)} disabled={broken}>
          Use it uncut
        </Button>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" disabled={image === null} onClick={() => void cut()}>
          Use it
        </Button>
      </div>
    </Dialog>
  );
}

const MOVES: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The scale at which an image just fills the window. */
function fit(image: HTMLImageElement): number {
  return WINDOW / Math.min(image.naturalWidth, image.naturalHeight);
}

/** The view, moved no further than the image reaches. */
function kept(image: HTMLImageElement, view: View): View {
  const zoom = Math.min(Math.max(view.zoom, 1), 4);
  const spare = (side: number) => Math.max(0, (side * fit(image) * zoom - WINDOW) / 2);
  const within = (value: number, most: number) => Math.min(Math.max(value, -most), most);
  return {
    zoom,
    x: within(view.x, spare(image.naturalWidth)),
    y: within(view.y, spare(image.naturalHeight)),
  };
}

async function cutOut(image: HTMLImageElement, view: View): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = BADGE;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser cannot draw images.');
  const scale = (fit(image) * view.zoom * BADGE) / WINDOW;
  const [width, height] = [image.naturalWidth * scale, image.naturalHeight * scale];
  const moved = BADGE / WINDOW;
  context.imageSmoothingQuality = 'high';
  context.drawImage(
    image,
    (BADGE - width) / 2 + view.x * moved,
    (BADGE - height) / 2 + view.y * moved,
    width,
    height,
  );
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('The image could not be cut.'));
      else resolve(blob);
    }, 'image/png'),
  );
}
