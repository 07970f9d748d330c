// Makes world.json, the paths of the dashboard's map, from Natural Earth's shapes.
// Once, in a folder with `npm i world-atlas@2 topojson-client@3 topojson-simplify@3
// i18n-iso-countries@7`: node world.mjs > world.json
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.cwd(), "package.json"));
const { feature } = require("topojson-client");
const { presimplify, simplify } = require("topojson-simplify");
const { numericToAlpha2 } = require("i18n-iso-countries");

const world = require("world-atlas/countries-50m.json");
// Areas without a number of their own in ISO 3166-1.
const NAMED = { Kosovo: "XK", "N. Cyprus": "CY", Somaliland: "SO" };

/** Units of the picture's width: whole ones are fine enough for a large screen. */
const WIDTH = 2000;
/** Rings smaller than this, in square units, are left out, but for a country's largest. */
const SMALLEST = 6;

// Equal Earth (Savric, Patterson, Jenny 2018): areas are true, as they must be where area is colour.
const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const M = Math.sqrt(3) / 2;
const project = ([lon, lat]) => {
  const t = Math.asin(M * Math.sin((lat * Math.PI) / 180));
  const [t2, t6] = [t * t, t ** 6];
  const x = ((lon * Math.PI) / 180) * Math.cos(t)
    / (M * (A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)));
  return [x, -t * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))];
};

const half = project([180, 0])[0];
const scale = WIDTH / (2 * half);
const top = project([0, 84])[1];
const bottom = project([0, -57])[1];
const place = (point) => {
  const [x, y] = project(point);
  return [Math.round((x + half) * scale), Math.round((y - top) * scale)];
};

const area = (ring) =>
  Math.abs(ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    return sum + x * nextY - nextX * y;
  }, 0)) / 2;

const write = (ring) => {
  let [x, y] = ring[0];
  let path = `M${x} ${y}l`;
  const steps = [];
  for (const [nextX, nextY] of ring.slice(1)) {
    steps.push(`${nextX - x} ${nextY - y}`);
    [x, y] = [nextX, nextY];
  }
  return `${path}${steps.join(" ").replaceAll(" -", "-")}z`;
};

// The shapes go on over the 180th meridian. A flat map ends there: what lies beyond it comes in at
// the other side.
const split = (ring) => {
  let turn = 0;
  const whole = ring.map(([lon, lat], i) => {
    const step = i > 0 ? lon - ring[i - 1][0] : 0;
    turn += step > 180 ? -360 : step < -180 ? 360 : 0;
    return [lon + turn, lat];
  });
  return [-360, 0, 360]
    .map((shift) => {
      const moved = whole.map(([lon, lat]) => [lon + shift, lat]);
      return cut(cut(moved, -180, 1), 180, -1);
    })
    .filter((part) => part.length > 2);
};

/** What lies east (1) or west (-1) of a meridian (Sutherland and Hodgman, 1974). */
const cut = (ring, meridian, side) => {
  const inside = ([lon]) => (lon - meridian) * side >= 0;
  const out = [];
  ring.forEach((point, i) => {
    const before = ring[(i + ring.length - 1) % ring.length];
    if (inside(point) !== inside(before)) {
      const part = (meridian - before[0]) / (point[0] - before[0]);
      out.push([meridian, before[1] + part * (point[1] - before[1])]);
    }
    if (inside(point)) out.push(point);
  });
  return out;
};

const rings = {};
const light = simplify(presimplify(world), 0.012);
for (const { id, properties, geometry } of feature(light, light.objects.countries).features) {
  const code = NAMED[properties.name] ?? numericToAlpha2(id);
  if (!code || code === "AQ" || !geometry) continue;
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  for (const ring of polygons.flat().flatMap(split)) {
    const points = ring.map(place).filter(([x, y], i, all) => i === 0 || x !== all[i - 1][0] || y !== all[i - 1][1]);
    (rings[code] ??= []).push(points);
  }
}

const countries = {};
for (const code of Object.keys(rings).sort()) {
  const sorted = rings[code].map((ring) => [area(ring), ring]).sort(([a], [b]) => b - a);
  const [size, largest] = sorted[0];
  if (size < SMALLEST) {
    // A small country is a dot: it can be seen, and pointed at.
    const [x, y] = largest[0];
    countries[code] = `M${x - 2} ${y}l2-2 2 2-2 2z`;
    continue;
  }
  countries[code] = sorted.filter(([size]) => size >= SMALLEST).map(([, ring]) => write(ring)).join("");
}

const height = Math.round((bottom - top) * scale);
process.stdout.write(`${JSON.stringify({ width: WIDTH, height, countries })}\n`);
