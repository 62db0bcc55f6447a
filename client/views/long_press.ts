// A finger that stays: handlers for a box, which tell where it pressed; the tap that follows is not taken for one.
import { useRef } from "preact/hooks";

const LONG_PRESS_MS = 500;
/** A finger that moves further scrolls. */
const STILL_PX = 10;

interface Press {
  timer: ReturnType<typeof setTimeout> | undefined;
  x: number;
  y: number;
  wasLong: boolean;
}

export function useLongPress(onLongPress: (target: Element, point: { x: number; y: number }) => void) {
  const press = useRef<Press>({ timer: undefined, x: 0, y: 0, wasLong: false });
  const end = () => clearTimeout(press.current.timer);
  return {
    onPointerDown(event: PointerEvent) {
      end();
      press.current.wasLong = false;
      if (event.pointerType === "mouse" || !event.isPrimary) return;
      const { clientX: x, clientY: y } = event;
      const target = event.target as Element;
      const timer = setTimeout(() => {
        press.current.wasLong = true;
        onLongPress(target, { x, y });
      }, LONG_PRESS_MS);
      press.current = { timer, x, y, wasLong: false };
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      if (Math.hypot(clientX - press.current.x, clientY - press.current.y) > STILL_PX) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
    onClickCapture(event: MouseEvent) {
      // A click by the keyboard has no detail: it is never the end of a press.
      if (!press.current.wasLong || event.detail === 0) return;
      press.current.wasLong = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
