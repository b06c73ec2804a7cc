// The lines of a chart, told apart by colour and by dash: four colours that every eye keeps apart, eight dashes.
const colours = [1, 2, 3, 4].map((n) => `var(--color-series-${n})`);
/** A new dash with every colour, and another one when the colours come round again. */
const dashes = ['none', '6 3', '2 3', '8 3 2 3', '10 4', '1 3', '4 2 1 2', '12 2'];

export type Series = { colour: string; dash: string };

/** As many looks as there are lines can be told apart by. */
export const series: readonly Series[] = dashes.map((dash, i) => ({ colour: colours[i % colours.length], dash }));

/** The look of a chart's line by its place among them, from 0. */
export const seriesOf = (place: number): Series => series[place % series.length];
