// How often an open submission's page is rendered anew: news may come many times a second, and more redrawing than this only costs.
export const millisecondsBetween = 800;
