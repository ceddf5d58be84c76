// What the tests measure in a page: loaded by evaluating this file, called as measures.name(...).
(() => {
  const name = (one) => one.className || one.tagName;
  const seen = (panel, what) =>
    [...panel.querySelectorAll(what)].filter((one) => one.checkVisibility() && !one.closest(".unseen"));
  const right = (one) => one.getBoundingClientRect().right;
  const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  const light = (css) => {
    const [r, g, b] = css.match(/[\d.]+/g).map((part) => linear(Number(part) / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  const deep = (find) => {
    let root = document;
    let found = null;
    for (let one = find(root); one && one !== found; one = root && find(root)) {
      found = one;
      root = one.shadowRoot;
    }
    return found;
  };

  window.measures = {
    /** What reaches beyond a width in pixels. */
    wide: (panel, width) => [panel, ...seen(panel, "*")].filter((one) => right(one) > width + 0.5).map(name),

    /** What is cut off, or reaches out of the panel, once text is spaced as WCAG 1.4.12 says. */
    cut(panel) {
      const sheet = new CSSStyleSheet();
      const spacing = "line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important";
      sheet.replaceSync(`* { ${spacing} } p { margin-bottom: 2em !important }`);
      panel.getRootNode().adoptedStyleSheets.push(sheet);
      const more = (one) => one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1;
      const hidden = (one) => more(one) && getComputedStyle(one).overflow === "hidden";
      const texts = seen(panel, "button, a, p, h2, h3, dt, dd, .badge");
      return texts.filter((one) => hidden(one) || right(one) > right(panel) + 1).map(name);
    },

    /** Targets below 24 by 24 pixels; a choice counts with its label. */
    small(panel) {
      const targets = seen(panel, "button, textarea, input, summary, .links a, .foot a");
      const boxes = targets.map((one) => [name(one), (one.closest(".choice") ?? one).getBoundingClientRect()]);
      return boxes.filter(([, box]) => box.width < 24 || box.height < 24).map(([what]) => what);
    },

    /** The contrasts of focus ring, button and icon to what is behind them. */
    contrasts(panel) {
      const css = (what, property) => getComputedStyle(what ? panel.querySelector(what) : panel)[property];
      panel.querySelector("textarea").focus();
      return [
        ratio(css("textarea", "outlineColor"), css(".ask", "backgroundColor")),
        ratio(css("textarea", "borderTopColor"), css(".ask", "backgroundColor")),
        ratio(css(".send", "color"), css(".send", "backgroundColor")),
        ratio(css(".scope .icon", "stroke"), css("", "backgroundColor")),
      ];
    },

    /** The focused element: where it begins, whether it is in a widget, has a ring, and lies on top where it is. */
    stop() {
      const one = deep((root) => root.activeElement);
      const box = one.getBoundingClientRect();
      const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 12)];
      const top = deep((root) => root.elementFromPoint(x, y));
      const style = getComputedStyle(one);
      return {
        name: name(one),
        top: box.y,
        inside: one.getRootNode() !== document,
        outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        uncovered: Boolean(top) && (one.contains(top) || top.contains(one)),
      };
    },

    /** The paths of all texts of a language, with the kind of each. */
    paths(value, path = "") {
      if (value && typeof value === "object") {
        return Object.entries(value).flatMap(([key, one]) => measures.paths(one, `${path}.${key}`));
      }
      return [`${path}:${typeof value}${typeof value === "function" ? value.length : ""}`];
    },
  };
})();
