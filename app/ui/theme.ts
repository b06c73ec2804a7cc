// The names a theme can have, shared by the server, which reads the cookie, and the button, which writes it.
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** The theme of a cookie's value; `system` for anything that is not one. */
export function themeOf(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? 'system';
}
