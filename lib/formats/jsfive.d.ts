// The part of jsfive that is used: it brings no types. Everything may throw, also plain strings.
declare module 'jsfive' {
  export class Group {
    readonly keys: string[];
    readonly attrs: Record<string, unknown>;
    get(name: string): Group | Dataset | null;
  }
  export class Dataset {
    readonly shape: number[];
    readonly dtype: unknown;
    readonly value: unknown;
    /** `chunks` is null for a contiguous dataset. */
    readonly _dataobjects: { readonly chunks: number[] | null };
  }
  export class File extends Group {
    constructor(bytes: ArrayBuffer, name: string);
  }
}
