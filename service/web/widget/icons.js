// Icons as drawings of our own, 24 by 24, drawn with the colour of the text around them.
import { svg } from "./dom.js";

const PATHS = {
  alert: "M12 3.5 2.5 20h19zM12 10v4.5M12 17.2v.3",
  archive: "M4 8v11h16V8M3 4.5h18V8H3zM10 12h4",
  arrow: "M5 12h14M13 6l6 6-6 6",
  back: "M19 12H5M11 6l-6 6 6 6",
  bulb: "M9 18h6M10 21h4M12 3a6 6 0 0 0-3.6 10.8c.7.6 1.1 1.4 1.1 2.2h5c0-.8.4-1.6 1.1-2.2A6 6 0 0 0 12 3z",
  calendar: "M4 6h16v14H4zM4 10.5h16M8 3.5V7M16 3.5V7",
  chat: "M4 5h16v11H10l-4.5 4v-4H4zM8 9.2h8M8 12.2h5",
  checked: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8 12.3l2.8 2.8L16 9.8",
  close: "M6 6l12 12M18 6 6 18",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  enlarge: "M9 4H4v5M15 4h5v5M9 20H4v-5M15 20h5v-5",
  external: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  half: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  link: "M10 14a4 4 0 0 0 6 .3l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-6-.3l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2",
  mail: "M3 6h18v12H3zM3 7l9 6.5L21 7",
  pencil: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  phone: "M6 3h4l1.5 5-2.3 1.6a12 12 0 0 0 5.2 5.2L16 12.5l5 1.5v4a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3z",
  print: "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
  question: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.5 9.5a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1.9-1.1 1.7M12 16.7v.3",
  reduce: "M4 9h5V4M20 9h-5V4M4 15h5v5M20 15h-5v5",
  renew: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L20 9.3M20 4v5.3h-5.3",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21",
  send: "M12 20V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
};

/** Draw an icon; it has no name of its own, the words beside it say what it means. */
export function icon(name) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name] }),
  );
}

/** Draw the compass of Strategielotse. */
export function compass() {
  return svg(
    "svg",
    { class: "compass", viewBox: "0 0 48 48", "aria-hidden": "true", focusable: "false" },
    svg("circle", { cx: 24, cy: 24, r: 17, class: "ring" }),
    svg("path", { d: "M24 9l6 15-6 15-6-15z", class: "needle" }),
    svg("path", { d: "M24 9l6 15H18z", class: "north" }),
  );
}
