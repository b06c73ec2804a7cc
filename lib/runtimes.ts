// What can be asked to run models, and where: names for command lines, messages and records. Knows no engine.

export const engineNames = ['onnxruntime', 'tensorflow'] as const;
export type EngineName = (typeof engineNames)[number];

/** `auto` takes the fastest that is there; one that is not there gives way to the processor, and it is said. */
export const deviceNames = ['auto', 'cpu', 'cuda', 'webgpu'] as const;
export type DeviceName = (typeof deviceNames)[number];
