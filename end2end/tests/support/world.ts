// Where everything is. The configuration puts the choices into the environment.

const port = Number(process.env.END2END_PORT);

export const PORT = port;

/** The product. */
export const SERVER = `http://127.0.0.1:${port}`;
/** Somebody else's site, which embeds it. */
export const HOST = `http://127.0.0.1:${port + 1}`;
/** A site on nobody's list. Nothing listens there: tests answer its requests themselves. */
export const UNLISTED = `http://127.0.0.1:${port + 2}`;
/** For tests that start and stop a server of their own: a port for each, so that they run side by side. */
export const RESTART_PORT = port + 10;
export const HOOKS_PORT = port + 11;
/** The demo takes the next one as well. */
export const FIRST_PORT = port + 12;

export const BINARY = process.env.COUNTERSIGN_BIN!;
export const DATA = process.env.END2END_DATA!;

/** The demo's campaign: English, French, Arabic, 200 people. */
export const DEMO = "equal-futures";

export const api = (slug: string, rest = "") => `${SERVER}/api/v1/campaigns/${slug}${rest}`;
