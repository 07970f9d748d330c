/**
 * When organizers have changed a campaign, its open widgets are painted anew, with what was typed
 * kept.
 */

/** Milliseconds over which the open pages of the world spread their questions. */
const SPREAD = 2000;
/** Milliseconds until it is tried again where a person would have been disturbed. */
const LATER = 4000;

/** Not while a pledge is on its way or the number is paused. */
const BUSY = "[part=button][aria-busy=true],[part=pause][data-paused=true]";
/** Who reads the thanks, or shares, keeps them. */
const SIGNED = "[part=signed]:not([hidden])";

/** Calls `paint` once nobody is disturbed by it. `gone` says whether the widget has left the page. */
export const again = (root, gone, paint) => {
  const look = () => {
    if (gone() || root.querySelector(SIGNED)) return;
    if (root.querySelector(BUSY)) setTimeout(look, LATER);
    else paint();
  };
  setTimeout(look, SPREAD * Math.random());
};

/** What was typed, and where the person is. The stamp of the first painting is kept as well. */
export const typed = (root) => ({
  values: [...root.querySelectorAll("form [name]")]
    .filter(({ name }) => name !== "locale")
    .map(({ name, value, checked }) => [name, value, checked]),
  focus: root.getRootNode().activeElement?.name,
});

/** Puts it into the new form. Fields that are gone are gone. */
export const type = (root, { values, focus }) => {
  for (const [name, value, checked] of values) {
    const field = root.querySelector(`form [name="${name}"]`);
    if (field) Object.assign(field, field.type === "checkbox" ? { checked } : { value });
  }
  if (focus) root.querySelector(`form [name="${focus}"]`)?.focus({ preventScroll: true });
};
